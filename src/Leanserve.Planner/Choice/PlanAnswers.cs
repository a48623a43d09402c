using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>The choice's own figures, in the order in which people ask for them; where nothing is feasible, what would change that.</summary>
public static class PlanAnswers
{
    /// <summary>The answers.</summary>
    public static IEnumerable<PlanAnswer> Of(DeploymentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Selected is not { Latency: { } latency, Oae: { } oae, Limits: { } limits } selected)
        {
            return plan.FeasibleChanges.Select(change => new PlanAnswer("Would do:", change.Message));
        }

        return
        [
            new("Fits?", Memory(selected.Memory, limits.MaxConcurrentRequests)),
            new("Fast?", Speed(selected.Decoding, latency)),
            new("Enough?", $"carries {Wording.Rate(selected.CapacityQps)} within the objectives; {Wording.Digits(plan.Input.Traffic.QueriesPerSecond)} are asked for"),
            new("Costs?", Cost(plan, oae)),
            new("Energy?", $"{Wording.Digits(oae.JoulesPerToken)} J a token, {Wording.Digits(oae.GramsCo2PerMillionTokens / 1000)} kg CO2e a million tokens, idle hours included"),
            new("People?", $"{plan.AdoptionAffordable!.Message} Operation takes {Wording.Rough(oae.OperationsHoursPerMonth)} hours a month. {plan.TalentSufficient!.Message}"),
            new("Robust?", plan.RobustUnderConstraints!.Message),
            new("Score", $"{Wording.Digits(oae.Score)} of 1 = {Wording.Percent(oae.Scenarios.Mean)} good requests × {Wording.Digits(oae.AnswerQuality)} answer quality × bare hardware's share of the cost"),
        ];
    }

    private static string Speed(DecodingMode decoding, LatencyPrediction latency)
    {
        var (answer, most) = (Wording.Time(latency.E2eP50), Wording.Time(latency.E2eP95));
        return decoding is DecodingMode.BeamSearch
            ? $"the whole answer after {answer} (median), 95 % within {most}; beam search shows nothing before its end"
            : $"first token after {Wording.Time(latency.TtftP50)}, then one every {Wording.Time(latency.Itl)}, the whole answer after {answer} (medians); "
                + $"95 % of first tokens within {Wording.Time(latency.TtftP95)}, of answers within {most}";
    }

    private static string Memory(MemoryBudget memory, int atOnce)
    {
        var changed = memory.RefreshKvBytes > 0 ? " and as much again to change them in" : "";
        var documents = memory.KnowledgeKvBytes > 0 ? $", documents {Wording.Bytes(memory.KnowledgeKvBytes)}{changed}" : "";
        return $"{Wording.Bytes(memory.TotalBytes)} of {Wording.Bytes(memory.AvailableBytes)} usable: weights {Wording.Bytes(memory.WeightsBytes)}{documents}, "
            + $"requests {Wording.Bytes(memory.RequestKvBytes)} ({atOnce} answered at a time, more wait), runtime {Wording.Bytes(memory.RuntimeBytes)}";
    }

    private static string Cost(DeploymentPlan plan, OaeAssessment oae)
    {
        var cost = oae.Cost;
        return $"{Wording.Usd(cost.TotalUsd)} a month = hardware {Wording.Usd(cost.HardwareUsd)} + energy {Wording.Usd(cost.EnergyUsd)} + adoption {Wording.Usd(cost.AdoptionUsd)} (spread over {Wording.Digits(PlannerConstants.Default.With(plan.Input.Assumptions)[Constant.HorizonMonths])} months) "
            + $"+ operations {Wording.Usd(cost.OperationsUsd)}; {Wording.Usd(oae.UsdPerMillionTokens)} a million tokens";
    }
}
