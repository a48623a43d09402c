using Leanserve.Api;
using Leanserve.Operator.Conditions;
using Leanserve.Operator.Reconcile;

namespace Leanserve.Operator.Tests.Conditions;

public sealed class ReadySummaryTests
{
    private readonly ConditionSet _conditions = new(null, 1, DateTimeOffset.UnixEpoch);

    [Fact]
    public void Ready_StepWaits_IsFalseWithTheStepsReason()
    {
        _conditions.True(ConditionTypes.WorkloadAvailable, "PodsReady", "old pods serve");
        ReadySummary.Set(_conditions, new StepResult.Wait("ConfigMapNotFound", "no handbook", TimeSpan.FromSeconds(1)), ApplyMode.Auto);
        Assert.Equal(("False", "ConfigMapNotFound"), Ready());
    }

    [Fact]
    public void Ready_PodsFail_IsFalseWithThePodsReason()
    {
        _conditions.False(ConditionTypes.WorkloadAvailable, "CrashLoopBackOff", "Pod a: no such model");
        ReadySummary.Set(_conditions, StepResult.Next, ApplyMode.Auto);
        Assert.Equal(("False", "CrashLoopBackOff"), Ready());
    }

    [Fact]
    public void Ready_PlanOnlyAndPlanned_IsTrueWithoutPods()
    {
        _conditions.False(ConditionTypes.WorkloadAvailable, "NoWorkload", "none");
        ReadySummary.Set(_conditions, StepResult.Next, ApplyMode.PlanOnly);
        Assert.Equal(("True", "PlanOnly"), Ready());
    }

    private (string Status, string Reason) Ready() => (_conditions[ConditionTypes.Ready]!.Status, _conditions[ConditionTypes.Ready]!.Reason);
}
