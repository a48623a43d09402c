using k8s.Models;
using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Cluster;

/// <summary>What the resource asks of a node, as labels: the same wish selects nodes here and pods' nodes in the scheduler.</summary>
/// <param name="Labels">Labels that the node must carry with these values.</param>
/// <param name="ProductPatterns">Prefixes of the GPU product label; one must fit. Empty where no catalogue GPU is named.</param>
public sealed record NodeWish(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> ProductPatterns)
{
    /// <summary>The resource that a device plugin offers.</summary>
    public const string GpuResource = "nvidia.com/gpu";

    /// <summary>The label by which GPU feature discovery names a node's GPU.</summary>
    public const string GpuProductLabel = "nvidia.com/gpu.product";

    public static bool IsCpu(NodeSpec node) => node.Gpu == NodeSpec.Cpu;

    public static NodeWish Of(NodeSpec node) => new(
        node.Selector is { } selector ? new Dictionary<string, string>(selector.MatchLabels) : [],
        IsCpu(node) ? [] : GpuCatalogue.Find(node.Gpu)?.ProductLabelPatterns ?? []);

    public bool Matches(V1Node node) => Labels.All(l => Label(node, l.Key) == l.Value) && (ProductPatterns.Count == 0 || Product(node) is { } p && Fits(p));

    /// <summary>The exact product labels, among these nodes', that fit: what node affinity can be written with, since it knows no prefixes.</summary>
    public IReadOnlyList<string> Products(IEnumerable<V1Node> nodes) => ProductPatterns.Count == 0
        ? []
        : [.. nodes.Select(Product).OfType<string>().Where(Fits).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private bool Fits(string product) => ProductPatterns.Any(pattern => product.StartsWith(pattern, StringComparison.OrdinalIgnoreCase));

    /// <summary>The GPU that the node's label names, or null.</summary>
    public static string? Product(V1Node node) => Label(node, GpuProductLabel);

    private static string? Label(V1Node node, string key) => node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;
}
