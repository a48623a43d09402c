using System.Globalization;
using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Validation;

/// <summary>Rules about load, objectives, replicas and the planner's constants.</summary>
internal static class DemandRules
{
    public static IEnumerable<Violation> Check(LlmDeploymentSpec spec) =>
        [.. Traffic(spec.Traffic), .. Objectives(spec), .. Scaling(spec.Scaling), .. Assumptions(spec.Assumptions)];

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

    private static IEnumerable<Violation> Assumptions(IDictionary<string, string>? assumptions)
    {
        foreach (var (name, text) in assumptions ?? new Dictionary<string, string>())
        {
            if (WireNumber.Decimal(text) is { } value && PlannerConstants.Violation(name, value) is { } sentence)
            {
                yield return new Violation(
                    FieldPath.Member("spec.assumptions", name), Shown.Text(text), sentence.TrimEnd('.'), "Correct it, or remove it to keep the documented value");
            }
        }
    }
}
