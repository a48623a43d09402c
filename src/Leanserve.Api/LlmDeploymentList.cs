using k8s;
using k8s.Models;

namespace Leanserve.Api;

/// <summary>A list of <see cref="LlmDeployment"/>, as the API server returns it.</summary>
[KubernetesEntity(Group = LlmDeployment.Group, ApiVersion = LlmDeployment.Version, Kind = "LlmDeploymentList", PluralName = LlmDeployment.Plural)]
public sealed class LlmDeploymentList : IKubernetesObject<V1ListMeta>, IItems<LlmDeployment>
{
    public string ApiVersion { get; set; } = $"{LlmDeployment.Group}/{LlmDeployment.Version}";

    public string Kind { get; set; } = "LlmDeploymentList";

    public V1ListMeta Metadata { get; set; } = new();

    public IList<LlmDeployment> Items { get; set; } = [];
}
