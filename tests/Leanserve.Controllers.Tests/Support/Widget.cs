using k8s;
using k8s.Models;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>The kind that the tests' controllers are responsible for.</summary>
[KubernetesEntity(Group = "test.leanserve.io", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
public sealed class Widget : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "test.leanserve.io/v1";

    public string Kind { get; set; } = "Widget";

    public V1ObjectMeta Metadata { get; set; } = new();

    public WidgetSpec Spec { get; set; } = new();

    public WidgetStatus? Status { get; set; }

    public string Name => Metadata.Name;

    public static Widget Named(string ns, string name, int size = 0, IDictionary<string, string>? labels = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns, Labels = labels },
        Spec = new WidgetSpec { Size = size },
    };

    public sealed class WidgetSpec
    {
        public int Size { get; set; }
    }

    public sealed class WidgetStatus
    {
        public int ObservedSize { get; set; }

        public string? Note { get; set; }
    }
}
