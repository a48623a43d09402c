using System.Globalization;
using k8s.Models;
using Leanserve.Api;

namespace Leanserve.Operator.Builders;

/// <summary>Names, labels and paths of a deployment's objects. Deterministic, so that a second reconcile finds what the first made.</summary>
public static class WorkloadNames
{
    public const string ManagedBy = "leanserve-operator";
    public const string NameLabel = "app.kubernetes.io/name";
    public const string InstanceLabel = "app.kubernetes.io/instance";
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string ComponentLabel = "app.kubernetes.io/component";
    public const string ModelHashAnnotation = "leanserve.io/model-hash";
    public const string ConfigHashAnnotation = "leanserve.io/config-hash";

    public const string ServerComponent = "server";
    public const string InspectionComponent = "inspection";

    public const string ConfigFolder = "/etc/leanserve";
    public const string ConfigFile = "runtime.json";
    public const string ModelFolder = "/models";
    public const string EmbeddingModelFolder = "/embedding-model";
    public const string KnowledgeFolder = "/knowledge";
    public const string SnapshotFolder = "/snapshots";
    public const string HttpPortName = "http";

    /// <summary>Longest resource name: a Service's name has at most 63 characters, and our suffixes take some.</summary>
    public const int LongestName = 50;

    public static string Inspection(LlmDeployment resource) => $"{resource.Metadata.Name}-inspection";

    public static string Facts(LlmDeployment resource) => $"{resource.Metadata.Name}-facts";

    public static string Runtime(LlmDeployment resource) => $"{resource.Metadata.Name}-runtime";

    /// <summary>The id under which clients find the embedding model.</summary>
    public static string EmbeddingModel(LlmDeployment resource) => $"{resource.Metadata.Name}-embeddings";

    /// <summary>Base URL of the OpenAI-compatible API inside the cluster.</summary>
    public static string Endpoint(LlmDeployment resource, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"http://{resource.Metadata.Name}.{resource.Metadata.NamespaceProperty}.svc:{port}/v1");

    /// <summary>What the Service and the Deployment select their pods by.</summary>
    public static Dictionary<string, string> Selector(LlmDeployment resource) => new()
    {
        [NameLabel] = "leanserve-server",
        [InstanceLabel] = resource.Metadata.Name,
    };

    public static Dictionary<string, string> Labels(LlmDeployment resource, string component) => new(Selector(resource))
    {
        [NameLabel] = $"leanserve-{component}",
        [ComponentLabel] = component,
        [ManagedByLabel] = ManagedBy,
    };

    /// <summary>Whether the pod is one of those that serve the resource.</summary>
    public static bool Serves(V1Pod pod, LlmDeployment resource) => pod.Metadata.NamespaceProperty == resource.Metadata.NamespaceProperty
        && Selector(resource).All(l => pod.Metadata.Labels.Find(l.Key) == l.Value);

    /// <summary>Metadata of an object that belongs to the resource and goes with it.</summary>
    public static V1ObjectMeta Owned(LlmDeployment resource, string name, string component) => new()
    {
        Name = name,
        NamespaceProperty = resource.Metadata.NamespaceProperty,
        Labels = Labels(resource, component),
        OwnerReferences =
        [
            new V1OwnerReference
            {
                ApiVersion = resource.ApiVersion,
                Kind = resource.Kind,
                Name = resource.Metadata.Name,
                Uid = resource.Metadata.Uid,
                Controller = true,
                BlockOwnerDeletion = true,
            },
        ],
    };
}
