using Leanserve.Api;
using Leanserve.Operator.Reconcile;

namespace Leanserve.Operator.Conditions;

/// <summary>Derives <c>Ready</c> from how the steps ended and from what runs: the first thing in the way, in its own words.</summary>
public static class ReadySummary
{
    /// <summary>The order in which conditions are shown, the summary first.</summary>
    public static IReadOnlyList<string> Order { get; } =
    [
        ConditionTypes.Ready, ConditionTypes.Planned, ConditionTypes.NodeAvailable, ConditionTypes.ModelAvailable, ConditionTypes.AssumptionsResolved, ConditionTypes.KnowledgeCurrent,
        ConditionTypes.WorkloadAvailable, ConditionTypes.AdoptionAffordable, ConditionTypes.RobustUnderConstraints, ConditionTypes.TalentSufficient,
        ConditionTypes.PredictionAccurate,
    ];

    public static void Set(ConditionSet conditions, StepResult result, ApplyMode mode)
    {
        switch (result)
        {
            case StepResult.Stalled stalled:
                conditions.False(ConditionTypes.Ready, stalled.Reason, stalled.Message);
                break;
            case StepResult.Wait wait:
                conditions.False(ConditionTypes.Ready, wait.Reason, wait.Message);
                break;
            case StepResult.Continue when mode == ApplyMode.PlanOnly:
                conditions.True(ConditionTypes.Ready, "PlanOnly", "The plan stands; apply: PlanOnly keeps it from being carried out.");
                break;
            default:
                Follow(conditions, ConditionTypes.WorkloadAvailable);
                break;
        }
    }

    private static void Follow(ConditionSet conditions, string type)
    {
        var cause = conditions[type]!;
        if (cause.Status == "True")
        {
            conditions.True(ConditionTypes.Ready, "Serving", cause.Message);
        }
        else
        {
            conditions.False(ConditionTypes.Ready, cause.Reason, cause.Message);
        }
    }
}
