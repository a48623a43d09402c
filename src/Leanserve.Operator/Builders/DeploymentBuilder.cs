using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Leanserve.Translation.Cluster;
using k8s.Models;

namespace Leanserve.Operator.Builders;

/// <summary>The Deployment whose pods run the ONNX Runtime server.</summary>
public static class DeploymentBuilder
{
    public static V1Deployment Build(Workload workload)
    {
        var template = PodTemplate(workload);
        return new V1Deployment
        {
            ApiVersion = V1Deployment.KubeApiVersion,
            Kind = V1Deployment.KubeKind,
            Metadata = WorkloadNames.Owned(workload.Resource, workload.Resource.Metadata.Name, WorkloadNames.ServerComponent),
            Spec = new V1DeploymentSpec
            {
                Replicas = workload.Replicas,
                Selector = new V1LabelSelector { MatchLabels = WorkloadNames.Selector(workload.Resource) },
                RevisionHistoryLimit = 2,
                Strategy = new V1DeploymentStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = workload.CanSurge
                        ? new V1RollingUpdateDeployment { MaxSurge = 1, MaxUnavailable = 0 }
                        : new V1RollingUpdateDeployment { MaxSurge = 0, MaxUnavailable = 1 },
                },
                Template = template,
            },
        };
    }

    private static V1PodTemplateSpec PodTemplate(Workload workload)
    {
        var (volumes, mounts) = PodVolumes.For(workload.Resource, embeddingModel: workload.Runtime.EmbeddingModel is not null);
        volumes.Add(new V1Volume { Name = "config", ConfigMap = new V1ConfigMapVolumeSource { Name = WorkloadNames.Runtime(workload.Resource) } });
        mounts.Add(new V1VolumeMount { Name = "config", MountPath = WorkloadNames.ConfigFolder, ReadOnlyProperty = true });
        volumes.Add(new V1Volume { Name = "scratch", EmptyDir = new V1EmptyDirVolumeSource() });
        mounts.Add(new V1VolumeMount { Name = "scratch", MountPath = "/tmp" });

        if (workload.Runtime.Knowledge.SnapshotDirectory is not null)
        {
            volumes.Add(PodVolumes.Snapshots(workload.Resource));
            mounts.Add(new V1VolumeMount { Name = PodVolumes.SnapshotVolume, MountPath = WorkloadNames.SnapshotFolder });
        }

        return new V1PodTemplateSpec
        {
            Metadata = new V1ObjectMeta
            {
                Labels = WorkloadNames.Labels(workload.Resource, WorkloadNames.ServerComponent),
                Annotations = new Dictionary<string, string>
                {
                    [WorkloadNames.ModelHashAnnotation] = workload.ModelHash,
                    [WorkloadNames.ConfigHashAnnotation] = Hash(RuntimeConfigMapBuilder.Json(workload.Runtime)),
                    ["prometheus.io/scrape"] = "true",
                    ["prometheus.io/port"] = workload.Runtime.Port.ToString(CultureInfo.InvariantCulture),
                },
            },
            Spec = new V1PodSpec
            {
                ServiceAccountName = WorkloadNames.Runtime(workload.Resource),
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                SecurityContext = PodSecurity.Pod(),
                TerminationGracePeriodSeconds = workload.Runtime.DrainSeconds + 5,
                NodeSelector = workload.NodeSelector.Count == 0 ? null : new Dictionary<string, string>(workload.NodeSelector),
                Affinity = ProductAffinity(workload.GpuProducts),
                Tolerations = workload.UsesGpu ? [new V1Toleration { Key = NodeWish.GpuResource, OperatorProperty = "Exists", Effect = "NoSchedule" }] : null,
                Volumes = volumes,
                Containers = [Container(workload, mounts)],
            },
        };
    }

    private static V1Container Container(Workload workload, List<V1VolumeMount> mounts) => new()
    {
        Name = WorkloadNames.ServerComponent,
        Image = workload.Image,
        Args = ["--config", $"{WorkloadNames.ConfigFolder}/{WorkloadNames.ConfigFile}"],
        Ports = [new V1ContainerPort { Name = WorkloadNames.HttpPortName, ContainerPort = workload.Runtime.Port, Protocol = "TCP" }],
        Env = workload.TraceEndpoint is { } collector ? [.. Tracing(workload, collector)] : null,
        VolumeMounts = mounts,
        SecurityContext = PodSecurity.Container(),
        TerminationMessagePolicy = "FallbackToLogsOnError",
        Resources = Resources(workload),
        StartupProbe = Probe("/healthz", periodSeconds: 1, failureThreshold: 120),
        ReadinessProbe = Probe("/readyz", periodSeconds: 1, failureThreshold: 3),
        LivenessProbe = Probe("/healthz", periodSeconds: 10, failureThreshold: 6),
    };

    // The standard variables of OpenTelemetry, which the runtime obeys.
    private static IEnumerable<V1EnvVar> Tracing(Workload workload, Uri collector)
    {
        yield return new V1EnvVar { Name = "OTEL_EXPORTER_OTLP_ENDPOINT", Value = collector.ToString().TrimEnd('/') };
        yield return new V1EnvVar { Name = "OTEL_EXPORTER_OTLP_PROTOCOL", Value = "http/protobuf" };
        yield return new V1EnvVar { Name = "OTEL_SERVICE_NAME", Value = workload.Resource.Metadata.Name };
        yield return new V1EnvVar { Name = "OTEL_RESOURCE_ATTRIBUTES", Value = $"k8s.namespace.name={workload.Resource.Metadata.NamespaceProperty}" };
    }

    private static V1ResourceRequirements Resources(Workload workload)
    {
        var requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new($"{workload.CpuMillicores.ToString(CultureInfo.InvariantCulture)}m") };
        var limits = new Dictionary<string, ResourceQuantity>();
        if (workload.UsesGpu)
        {
            // Weights and KV live in the GPU's memory; the host holds the process, the file mapping and an embedding model.
            var gpus = new ResourceQuantity("1");
            requests[NodeWish.GpuResource] = gpus;
            limits[NodeWish.GpuResource] = gpus;
            requests["memory"] = new ResourceQuantity("2Gi");
        }
        else
        {
            var memory = new ResourceQuantity(workload.MemoryBytes.ToString(CultureInfo.InvariantCulture));
            requests["memory"] = memory;
            limits["memory"] = memory;
        }

        return new V1ResourceRequirements { Requests = requests, Limits = limits };
    }

    private static V1Affinity? ProductAffinity(IReadOnlyList<string> products) => products.Count == 0 ? null : new V1Affinity
    {
        NodeAffinity = new V1NodeAffinity
        {
            RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
            {
                NodeSelectorTerms =
                [
                    new V1NodeSelectorTerm
                    {
                        MatchExpressions = [new V1NodeSelectorRequirement { Key = NodeWish.GpuProductLabel, OperatorProperty = "In", Values = [.. products] }],
                    },
                ],
            },
        },
    };

    private static V1Probe Probe(string path, int periodSeconds, int failureThreshold) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = path, Port = WorkloadNames.HttpPortName },
        PeriodSeconds = periodSeconds,
        FailureThreshold = failureThreshold,
        TimeoutSeconds = 5,
    };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
