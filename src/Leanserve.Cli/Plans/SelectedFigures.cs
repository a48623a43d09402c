using Leanserve.Planner;
using Spectre.Console;

namespace Leanserve.Cli.Plans;

/// <summary>The choice's own figures, in the order in which people ask for them.</summary>
internal static class SelectedFigures
{
    public static Grid Of(DeploymentPlan plan, Candidate selected)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (question, answer) in Rows(plan, selected))
        {
            grid.AddRow(new Markup($"[bold]{question}[/]"), new Text(answer));
        }

        return grid;
    }

    private static IEnumerable<(string Question, string Answer)> Rows(DeploymentPlan plan, Candidate selected)
    {
        var memory = selected.Memory;
        var documents = memory.KnowledgeKvBytes > 0 ? $", documents {Wording.Bytes(memory.KnowledgeKvBytes)}{(memory.RefreshKvBytes > 0 ? " and as much again to change them in" : "")}" : "";
        yield return ("Fits?", $"{Wording.Bytes(memory.TotalBytes)} of {Wording.Bytes(memory.AvailableBytes)} usable: weights {Wording.Bytes(memory.WeightsBytes)}{documents}, "
            + $"requests {Wording.Bytes(memory.RequestKvBytes)} (room for {selected.Limits!.MaxConcurrentRequests} at once), runtime {Wording.Bytes(memory.RuntimeBytes)}");
        var latency = selected.Latency!;
        yield return ("Fast?", $"first token after {Wording.Time(latency.TtftP50)} (95 %: {Wording.Time(latency.TtftP95)}), then one every {Wording.Time(latency.Itl)}; "
            + $"the whole answer within {Wording.Time(latency.E2eP50)} (95 %: {Wording.Time(latency.E2eP95)})");
        yield return ("Enough?", $"carries {Wording.Digits(selected.CapacityQps)} queries per second within the objectives; {Wording.Digits(plan.Input.Traffic.QueriesPerSecond)} are asked for");
        var oae = selected.Oae!;
        var cost = oae.Cost;
        yield return ("Costs?", $"{Wording.Usd(cost.TotalUsd)} a month = hardware {Wording.Usd(cost.HardwareUsd)} + energy {Wording.Usd(cost.EnergyUsd)} + adoption {Wording.Usd(cost.AdoptionUsd)} "
            + $"+ operations {Wording.Usd(cost.OperationsUsd)}; {Wording.Usd(oae.UsdPerMillionTokens)} a million tokens");
        yield return ("Energy?", $"{Wording.Digits(oae.JoulesPerToken)} J a token, {Wording.Digits(oae.GramsCo2PerMillionTokens / 1000)} kg CO2e a million tokens, idle hours included");
        yield return ("People?", $"{plan.AdoptionAffordable!.Message} {Wording.Digits(oae.OperationsHoursPerMonth)} hours a month to operate. {plan.TalentSufficient!.Message}");
        yield return ("Robust?", plan.RobustUnderConstraints!.Message);
        yield return ("Score", $"{Wording.Digits(oae.Score)} of 1 = {Wording.Percent(oae.Scenarios.Mean)} good tokens × {Wording.Digits(oae.AnswerQuality)} answer quality × bare hardware's share of the cost");
    }
}
