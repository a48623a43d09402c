using k8s.Models;
using Leanserve.Api;

namespace Leanserve.Operator.Builders;

/// <summary>
/// A short-lived pod that mounts the model and the documents, which the operator cannot, and reports their measure through its termination message.
/// </summary>
public static class InspectionPodBuilder
{
    /// <summary>What the pod inspects, as a hash; a pod with another one is out of date.</summary>
    public const string SubjectAnnotation = "leanserve.io/inspection-subject";

    public static V1Pod Build(LlmDeployment resource, string image, string subject)
    {
        var (volumes, mounts) = PodVolumes.For(resource, embeddingModel: true);
        var metadata = WorkloadNames.Owned(resource, WorkloadNames.Inspection(resource), WorkloadNames.InspectionComponent);
        metadata.Annotations = new Dictionary<string, string> { [SubjectAnnotation] = subject };
        return new V1Pod
        {
            ApiVersion = V1Pod.KubeApiVersion,
            Kind = V1Pod.KubeKind,
            Metadata = metadata,
            Spec = new V1PodSpec
            {
                RestartPolicy = "Never",
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                SecurityContext = PodSecurity.Pod(),
                TerminationGracePeriodSeconds = 1,
                ActiveDeadlineSeconds = 600,
                Volumes = volumes,
                Containers =
                [
                    new V1Container
                    {
                        Name = "inspect",
                        Image = image,
                        Args = [.. Arguments(resource)],
                        VolumeMounts = mounts,
                        SecurityContext = PodSecurity.Container(),
                        TerminationMessagePolicy = "FallbackToLogsOnError",
                        Resources = new V1ResourceRequirements
                        {
                            Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("100m"), ["memory"] = new("256Mi") },
                        },
                    },
                ],
            },
        };
    }

    private static IEnumerable<string> Arguments(LlmDeployment resource)
    {
        yield return "inspect";
        yield return "--model";
        yield return PodVolumes.ModelDirectory(resource.Spec.Model.Source!);
        if (resource.Spec.Knowledge?.EmbeddingModel is { } embedding)
        {
            yield return "--embedding-model";
            yield return PodVolumes.EmbeddingModelDirectory(embedding.Source);
        }

        foreach (var source in resource.Spec.Knowledge?.Sources ?? [])
        {
            yield return "--knowledge";
            yield return $"{source.Name}={PodVolumes.KnowledgeDirectory(source)}";
        }
    }
}
