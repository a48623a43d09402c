using System.Globalization;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Cluster;

/// <summary>What the resource asks of a node, as labels: the same wish selects nodes here and pods' nodes in the scheduler.</summary>
/// <param name="Labels">Labels that the node must carry with these values.</param>
/// <param name="IsForCpu">Whether a replica runs on the node's own CPU.</param>
/// <param name="Gpu">The GPU that the product label must name; null where no catalogue GPU is asked for.</param>
public sealed record NodeWish(IReadOnlyDictionary<string, string> Labels, bool IsForCpu, GpuModel? Gpu)
{
    /// <summary>The resource that a device plugin offers.</summary>
    public const string GpuResource = "nvidia.com/gpu";

    /// <summary>The label by which GPU feature discovery names a node's GPU.</summary>
    public const string GpuProductLabel = "nvidia.com/gpu.product";

    /// <summary>The label by which it tells the memory of one of the node's GPUs, in MiB.</summary>
    public const string GpuMemoryLabel = "nvidia.com/gpu.memory";

    public static bool IsCpu(NodeSpec node) => node.Gpu == NodeSpec.Cpu;

    public static NodeWish Of(NodeSpec node) => new(
        node.Selector is { } selector ? new Dictionary<string, string>(selector.MatchLabels) : [],
        IsCpu(node),
        GpuCatalogue.Find(node.Gpu));

    public bool Matches(V1Node node) => Labels.All(l => Label(node, l.Key) == l.Value) && (Gpu is null || Product(node) is { } product && Gpu.IsNamedBy(product));

    /// <summary>The product labels that pods' nodes may carry; empty where any may.</summary>
    public IReadOnlyList<string> Products => Gpu?.ProductLabels ?? [];

    /// <summary>The GPU that the node's label names, or null.</summary>
    public static string? Product(V1Node node) => Label(node, GpuProductLabel);

    /// <summary>Memory of one of the node's GPUs (of one slice, where MIG slices are what it offers), or null where no label tells it.</summary>
    public static long? GpuMemoryBytes(V1Node node) =>
        long.TryParse(Label(node, GpuMemoryLabel), NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes) && mebibytes is > 0 and < long.MaxValue >> 20 ? mebibytes << 20 : null;

    private static string? Label(V1Node node, string key) => node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;
}
