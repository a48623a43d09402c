using Leanserve.Api;
using Leanserve.Controllers.Sdk;

namespace Leanserve.Operator.Reconcile;

/// <summary>Events for <c>kubectl describe</c>: only where something turned, never for a steady state.</summary>
public sealed class TransitionEvents(EventPublisher publish)
{
    private static readonly string[] Told = [ConditionTypes.Planned, ConditionTypes.ModelAvailable, ConditionTypes.NodeAvailable, ConditionTypes.Ready];

    // A start or a change that takes its time is nothing to be warned of.
    private static readonly string[] OnTheWay = ["Inspecting", "Starting", "Progressing", "Refreshing"];

    public async Task PublishAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        foreach (var type in Told)
        {
            var now = context.Conditions[type]!;
            var before = context.Conditions.Previous(type);
            if (now.Status != "Unknown" && (before?.Status != now.Status || before.Reason != now.Reason))
            {
                await publish(context.Resource, now.Reason, $"{type}: {now.Message}", now.Status == "True" || OnTheWay.Contains(now.Reason) ? EventType.Normal : EventType.Warning, cancellationToken);
            }
        }

        var (was, strategy) = (context.Resource.Status.Strategy?.Summary, context.Status.Strategy?.Summary);
        if (was is not null && strategy is not null && was != strategy)
        {
            await publish(context.Resource, "StrategyChanged", $"{was} → {strategy}. {context.Status.Summary}", EventType.Normal, cancellationToken);
        }
    }
}
