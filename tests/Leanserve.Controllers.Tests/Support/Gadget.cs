using k8s;
using k8s.Models;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>A kind whose CRD is installed only by the test that needs it to come late.</summary>
[KubernetesEntity(Group = "late.leanserve.io", ApiVersion = "v1", Kind = "Gadget", PluralName = "gadgets")]
public sealed class Gadget : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "late.leanserve.io/v1";

    public string Kind { get; set; } = "Gadget";

    public V1ObjectMeta Metadata { get; set; } = new();
}
