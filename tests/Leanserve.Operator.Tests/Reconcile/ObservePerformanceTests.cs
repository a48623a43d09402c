using Leanserve.Api;
using Leanserve.Operator.Conditions;
using Leanserve.Operator.Reconcile;
using Leanserve.Operator.Reconcile.Steps;

namespace Leanserve.Operator.Tests.Reconcile;

public sealed class ObservePerformanceTests
{
    private readonly ConditionSet _conditions = new(null, 1, DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData(ApplyMode.PlanOnly, "PlanOnly")]
    [InlineData(ApplyMode.Auto, "TooFewRequests")]
    public async Task PredictionAccurate_WithoutRequests_SaysWhyNothingWasMeasured(ApplyMode mode, string reason)
    {
        var resource = new LlmDeployment { Spec = new() { Apply = mode } };
        await new ObservePerformance().RunAsync(new ReconcileContext(resource, _conditions), TestContext.Current.CancellationToken);
        Assert.Equal(("Unknown", reason), (_conditions[ConditionTypes.PredictionAccurate]!.Status, _conditions[ConditionTypes.PredictionAccurate]!.Reason));
    }
}
