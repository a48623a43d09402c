using System.Globalization;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Controllers;
using Leanserve.Operator.Builders;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Finds the nodes that could run a replica. A plan can be made without one; pods cannot.</summary>
public sealed class ResolveNode(IEntityCache<V1Node> nodes) : IReconcileStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        var wanted = context.Resource.Spec.Node;
        var gpus = (wanted.GpusPerReplica ?? SpecDefaults.GpusPerReplica) * (NodeWish.IsCpu(wanted) ? 0 : 1);
        var usable = nodes.List().Where(IsUsable).ToList();
        var matching = usable.Where(n => NodeWish.Of(wanted).Matches(n) && Gpus(n) >= gpus).ToList();
        if (matching.Count == 0)
        {
            var message = Describe(wanted, usable);
            context.Conditions.False(ConditionTypes.NodeAvailable, "NoMatchingNode", message);
            context.Block("NoMatchingNode", message, LookAgain);
            return Task.FromResult(StepResult.Next);
        }

        context.Nodes = new NodeMatch(
            matching.Count,
            matching.Sum(Gpus),
            matching.Max(n => Quantity(n, "memory").ToInt64()),
            (double)matching.Max(n => Quantity(n, "cpu").ToDecimal()));
        context.Conditions.True(ConditionTypes.NodeAvailable, "NodeFound", string.Create(CultureInfo.InvariantCulture, $"{matching.Count} matching node(s): {string.Join(", ", matching.Select(n => n.Metadata.Name).Order(StringComparer.Ordinal).Take(5))}."));
        return Task.FromResult(StepResult.Next);
    }

    private static bool IsUsable(V1Node node) =>
        node.Spec?.Unschedulable != true && (node.Status?.Conditions ?? []).Any(c => c.Type == "Ready" && c.Status == "True");

    private static int Gpus(V1Node node) => (int)Quantity(node, DeploymentBuilder.GpuResource).ToInt64();

    private static ResourceQuantity Quantity(V1Node node, string name) => node.Status?.Allocatable?.TryGetValue(name, out var quantity) == true ? quantity : new ResourceQuantity("0");

    private static string Describe(NodeSpec wanted, List<V1Node> usable)
    {
        var offered = usable.Select(n => n.Metadata.Labels.Find(DeploymentBuilder.GpuProductLabel) ?? "no GPU")
            .GroupBy(p => p, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} × {g.Key}").ToList();
        var cluster = offered.Count == 0 ? "the cluster has no schedulable node" : $"the cluster's schedulable nodes are {string.Join(", ", offered)}";
        var selector = wanted.Selector is { } s ? $" with labels {string.Join(", ", s.MatchLabels.Select(l => $"{l.Key}={l.Value}"))}" : "";
        return NodeWish.IsCpu(wanted)
            ? $"No node{selector} is schedulable: {cluster}. Add one, or change node.selector."
            : $"No node{selector} offers {wanted.GpusPerReplica ?? 1} × {wanted.Gpu}: {cluster}. Add such a node (its GPU is told by the label {DeploymentBuilder.GpuProductLabel}), or change node.gpu.";
    }
}
