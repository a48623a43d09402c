using k8s.Models;
using Leanserve.Api;
using Leanserve.Controllers;
using Leanserve.Translation.Cluster;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Finds the nodes that could run a replica. A plan can be made without one; pods cannot.</summary>
public sealed class ResolveNode(IEntityCache<V1Node> nodes) : IReconcileStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        var search = NodeSearch.In(nodes.List(), context.Resource.Spec.Node);
        context.Nodes = search.Match;
        if (search.Match is null)
        {
            context.Conditions.False(ConditionTypes.NodeAvailable, "NoMatchingNode", search.Message);
            context.Block("NoMatchingNode", search.Message, LookAgain);
        }
        else
        {
            context.Conditions.True(ConditionTypes.NodeAvailable, "NodeFound", search.Message);
        }

        return Task.FromResult(StepResult.Next);
    }
}
