using System.Globalization;
using Leanserve.Api;
using Leanserve.Operator.Observe;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Reads the running pods' own metrics and sets them beside the prediction.</summary>
public sealed class ObservePerformance : IReconcileStep
{
    /// <summary>Fewer requests than this say nothing about the prediction.</summary>
    public const int EnoughRequests = 20;

    /// <summary>A measured latency within this share of the predicted is near it.</summary>
    public const double Tolerance = 0.25;

    public Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        context.Status.Observed = new ObservedStatus
        {
            KnowledgeTokens = context.KnowledgeTokens,
            KnowledgeHash = context.KnowledgeHash,
            WeightsBytes = context.Report?.WeightsBytes,
        };

        if (context.Resource.Spec.Apply == ApplyMode.PlanOnly)
        {
            context.Conditions.Unknown(ConditionTypes.PredictionAccurate, "PlanOnly", "apply: PlanOnly makes no pods whose speed could be measured.");
            return Task.FromResult(StepResult.Next);
        }

        Report(context, string.Join('\n', context.Pages.Select(page => page.Text).OfType<string>()));
        return Task.FromResult(StepResult.Next);
    }

    private static void Report(ReconcileContext context, string exposition)
    {
        var observed = context.Status.Observed!;
        observed.Requests = (long)(PrometheusText.Sum(exposition, "leanserve_time_to_first_token_seconds_count") ?? 0);
        observed.TtftMeanMilliseconds = Text(Mean(exposition, "leanserve_time_to_first_token_seconds"));
        var itl = Mean(exposition, "leanserve_inter_token_latency_seconds");
        observed.ItlMeanMilliseconds = Text(itl);

        var predicted = context.Plan?.Selected?.Latency?.Itl.TotalMilliseconds;
        if (itl is null || predicted is not > 0 || observed.Requests < EnoughRequests)
        {
            context.Conditions.Unknown(ConditionTypes.PredictionAccurate, "TooFewRequests", string.Create(CultureInfo.InvariantCulture, $"{observed.Requests} requests were served since the pods started; {EnoughRequests} are needed to judge the prediction."));
            return;
        }

        var error = (predicted.Value - itl.Value) / itl.Value;
        observed.PredictionErrorPercent = (100 * error).ToString("0", CultureInfo.InvariantCulture);
        var message = string.Create(CultureInfo.InvariantCulture, $"Time between tokens: predicted {predicted:0.##} ms at the stated load, measured {itl:0.##} ms over {observed.Requests} requests ({100 * error:+0;-0} %).");
        if (Math.Abs(error) <= Tolerance)
        {
            context.Conditions.True(ConditionTypes.PredictionAccurate, "WithinTolerance", message);
        }
        else
        {
            context.Conditions.False(ConditionTypes.PredictionAccurate, "OffBy", message);
        }
    }

    private static double? Mean(string exposition, string histogram) =>
        PrometheusText.Sum(exposition, $"{histogram}_count") is > 0 and { } count ? 1000 * PrometheusText.Sum(exposition, $"{histogram}_sum") / count : null;

    private static string? Text(double? milliseconds) => milliseconds?.ToString("0.##", CultureInfo.InvariantCulture);
}
