using k8s.Models;
using Leanserve.Api;
using Leanserve.Operator.Builders;
using Leanserve.Planner;

namespace Leanserve.Operator.Reconcile;

/// <summary>What the resource asks of a node, as labels: the same wish selects nodes here and pods' nodes in the scheduler.</summary>
/// <param name="Labels">Labels that the node must carry with these values.</param>
/// <param name="ProductPatterns">Prefixes of the GPU product label; one must fit. Empty where no catalogue GPU is named.</param>
public sealed record NodeWish(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> ProductPatterns)
{
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

    private static string? Product(V1Node node) => Label(node, DeploymentBuilder.GpuProductLabel);

    private static string? Label(V1Node node, string key) => node.Metadata.Labels.Find(key);
}
