using k8s.Models;
using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Cluster;

/// <summary>The nodes of a cluster that could run a replica.</summary>
/// <param name="Match">What they offer; null where there is none.</param>
/// <param name="Message">Their names, or what the cluster has instead and what to do.</param>
public sealed record NodeSearch(NodeMatch? Match, string Message)
{
    private const int MostNames = 5;

    public static NodeSearch In(IEnumerable<V1Node> nodes, NodeSpec wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var wish = NodeWish.Of(wanted);
        var usable = nodes.Where(IsUsable).ToList();
        var matching = usable.Where(n => wish.Matches(n) && (wish.IsForCpu || Gpus(n) > 0)).ToList();
        if (matching.Count == 0)
        {
            return new NodeSearch(null, Describe(wanted, usable));
        }

        var planned = Planned(matching, wish.IsForCpu);
        var match = new NodeMatch(matching.Count, matching.Sum(Gpus), matching.Sum(Cores), Cores(planned), Memory(planned), matching.Min(NodeWish.GpuMemoryBytes));
        var names = string.Join(", ", matching.Select(n => n.Metadata.Name).Order(StringComparer.Ordinal).Take(MostNames));
        var more = matching.Count > MostNames ? $" and {matching.Count - MostNames} more" : "";
        return new NodeSearch(match, $"{Wording.Plural(matching.Count, "matching node")}: {names}{more}.");
    }

    private static bool IsUsable(V1Node node) =>
        node.Spec?.Unschedulable != true && (node.Status?.Conditions ?? []).Any(c => c.Type == "Ready" && c.Status == "True");

    // One node's memory and cores, for no replica runs on the largest memory of one node and the most cores of another: of CPU nodes the fastest, the largest of
    // equals. On GPU nodes cores are only what pods ask for, which each of the nodes should be able to give.
    private static V1Node Planned(List<V1Node> matching, bool forCpu) =>
        forCpu ? matching.MaxBy(node => (Cores(node), Memory(node)))! : matching.MinBy(Cores)!;

    private static double Cores(V1Node node) => (double)Quantity(node, "cpu").ToDecimal();

    private static long Memory(V1Node node) => Quantity(node, "memory").ToInt64();

    private static int Gpus(V1Node node) => (int)Quantity(node, NodeWish.GpuResource).ToInt64();

    private static ResourceQuantity Quantity(V1Node node, string name) => node.Status?.Allocatable?.TryGetValue(name, out var quantity) == true ? quantity : new ResourceQuantity("0");

    private static string Describe(NodeSpec wanted, List<V1Node> usable)
    {
        var offered = usable.Select(n => NodeWish.Product(n) ?? "no GPU")
            .GroupBy(p => p, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} × {g.Key}").ToList();
        var cluster = offered.Count == 0 ? "the cluster has no schedulable node" : $"the cluster's schedulable nodes are {string.Join(", ", offered)}";
        var selector = wanted.Selector is { } s ? $" with labels {string.Join(", ", s.MatchLabels.Select(l => $"{l.Key}={l.Value}"))}" : "";
        return NodeWish.IsCpu(wanted)
            ? $"No node{selector} is schedulable: {cluster}. Add one, or change node.selector."
            : $"No node{selector} offers a {wanted.Gpu}: {cluster}. Add such a node (its GPU is told by the label {NodeWish.GpuProductLabel}), or change node.gpu; for a part of a GPU "
                + "(MIG, time-slicing) give node.gpu a name of your own, state its node.capacity and select its nodes by node.selector.";
    }
}
