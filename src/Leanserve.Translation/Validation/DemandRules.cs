using System.Globalization;
using Leanserve.Api;

namespace Leanserve.Translation.Validation;

/// <summary>Rules about load, objectives, replicas, prices and the planner's constants.</summary>
internal static class DemandRules
{
    public static IEnumerable<Violation> Check(LlmDeploymentSpec spec) =>
        [.. Traffic(spec.Traffic), .. Objectives(spec), .. Scaling(spec.Scaling), .. Cost(spec.Cost), .. Assumptions(spec.Assumptions)];

    private static IEnumerable<Violation> Traffic(TrafficSpec traffic)
    {
        if (WireNumber.Decimal(traffic.QueriesPerSecond) is <= 0)
        {
            yield return new Violation(
                "spec.traffic.queriesPerSecond", Shown.Text(traffic.QueriesPerSecond), RuleSentences.QueriesPositive,
                "Write the average over the busy hours, such as \"0.5\"");
        }

        if (WireNumber.Decimal(traffic.BurstFactor) is < 1)
        {
            yield return new Violation("spec.traffic.burstFactor", Shown.Text(traffic.BurstFactor!), RuleSentences.BurstAtLeastOne, "Write \"1\" for a load without bursts");
        }
    }

    private static IEnumerable<Violation> Objectives(LlmDeploymentSpec spec)
    {
        var objectives = spec.Objectives;
        if (objectives?.TimeToFirstTokenMilliseconds > objectives?.RequestLatencyMilliseconds)
        {
            var both = string.Create(
                CultureInfo.InvariantCulture, $"{objectives.TimeToFirstTokenMilliseconds} against {objectives.RequestLatencyMilliseconds}");
            yield return new Violation("spec.objectives.timeToFirstTokenMilliseconds", both, RuleSentences.FirstTokenWithinRequest, "Lower it, or raise the other");
        }

        if (objectives?.AnswerQuality is AnswerQuality.RequireExact && spec.Strategy?.Decoding is DecodingStrategy.Sampling)
        {
            yield return new Violation("spec.strategy.decoding", "Sampling", RuleSentences.SamplingIsNotExact, "Take Auto or BeamSearch, or a lower answerQuality");
        }
    }

    private static IEnumerable<Violation> Scaling(ScalingSpec? scaling)
    {
        var least = scaling?.MinReplicas ?? SpecDefaults.MinReplicas;
        var most = scaling?.MaxReplicas ?? SpecDefaults.MaxReplicas;
        if (least > most)
        {
            var both = string.Create(CultureInfo.InvariantCulture, $"{least} against {most}");
            yield return new Violation("spec.scaling.minReplicas", both, RuleSentences.ReplicasOrdered, "Raise maxReplicas or lower minReplicas");
        }
    }

    private static IEnumerable<Violation> Cost(CostSpec? cost)
    {
        if (WireNumber.Decimal(cost?.GpuHourly) is <= 0)
        {
            yield return new Violation(
                "spec.cost.gpuHourly", Shown.Text(cost!.GpuHourly!), RuleSentences.HardwareCostsSomething,
                "For a machine that you own, write its price divided by the hours of its life, such as \"0.25\"");
        }
    }

    // What is no decimal number at all breaks the schema, which says so.
    private static IEnumerable<Violation> Assumptions(IDictionary<string, string>? assumptions) =>
        (assumptions ?? new Dictionary<string, string>()).Where(entry => WireNumber.Decimal(entry.Value) is not null)
            .Select(entry => AssumptionRules.Check(FieldPath.Member("spec.assumptions", entry.Key), entry.Key, entry.Value)).OfType<Violation>();
}
