using Leanserve.Planner;
using Spectre.Console;

namespace Leanserve.Cli.Plans;

/// <summary>One plan for people: the reason in a sentence, the figures of the choice, every alternative, what would change it.</summary>
internal static class PlanReport
{
    public static void Write(IAnsiConsole console, PlannedDeployment planned, bool explain)
    {
        var plan = planned.Plan;
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{planned.Name}[/]: {plan.Summary}");
        foreach (var line in planned.Notes.Concat(planned.Contradictions.Select(contradiction => contradiction.ToString())))
        {
            console.MarkupLineInterpolated($"  [yellow]note[/] {line}");
        }

        console.WriteLine();
        if (plan.Selected is { } selected)
        {
            console.Write(SelectedFigures.Of(plan, selected));
            console.WriteLine();
        }

        console.Write(Alternatives(plan));
        Changes(console, plan);
        if (explain)
        {
            console.WriteLine();
            foreach (var line in PlanExplanation.Lines(plan))
            {
                console.WriteLine(line);
            }
        }
    }

    private static Table Alternatives(DeploymentPlan plan)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Strategy", "Verdict", "OAE", "USD/Mtok", "Replicas", "Memory", "TTFT p95", "Per token", "Carries q/s");
        table.AddColumn(new TableColumn("Why"));
        foreach (var alike in plan.Candidates.GroupBy(candidate => RuledOut(candidate) ? candidate.Message : candidate.Name))
        {
            var candidate = alike.First();
            string[] figures = RuledOut(candidate) ? [.. Enumerable.Repeat("–", 7)] : Figures(candidate);
            table.AddRow(
            [
                new Text(string.Join('\n', alike.Select(each => each.Name))),
                new Markup(Verdict(candidate)),
                .. figures.Select(figure => new Text(figure)),
                new Text(candidate.Verdict is CandidateVerdict.Rejected ? $"{candidate.Reason}: {candidate.Message}" : candidate.Message),
            ]);
        }

        return table;
    }

    // What the demand itself rules out shares one sentence and one row: no figure of it could change the verdict.
    private static bool RuledOut(Candidate candidate) => candidate.Reason is RejectionReason.NoDocuments or RejectionReason.NotExact;

    private static string[] Figures(Candidate candidate) =>
    [
        candidate.Oae is { } oae ? Wording.Digits(oae.Score) : "–",
        candidate.Oae is { } cost ? Wording.Digits(cost.UsdPerMillionTokens) : "–",
        $"{candidate.Replicas}",
        Wording.Bytes(candidate.Memory.TotalBytes),
        candidate.Latency is { } first ? Wording.Time(first.TtftP95) : "–",
        candidate.Latency is { } next ? Wording.Time(next.Itl) : "–",
        candidate.CapacityQps > 0 ? Wording.Digits(candidate.CapacityQps) : "–",
    ];

    private static string Verdict(Candidate candidate) => candidate.Verdict switch
    {
        CandidateVerdict.Selected => "[green]Selected[/]",
        CandidateVerdict.Eligible => "Eligible",
        _ => "[grey]Rejected[/]",
    };

    private static void Changes(IAnsiConsole console, DeploymentPlan plan)
    {
        if (!plan.Feasible)
        {
            console.WriteLine(plan.FeasibleChanges.Count == 0 ? "No single change that was searched makes it feasible." : "What would make it feasible, smallest change first:");
            foreach (var change in plan.FeasibleChanges)
            {
                console.WriteLine($"  · {change.Message}");
            }

            return;
        }

        console.WriteLine("What would change it:");
        foreach (var flip in plan.Flips)
        {
            console.WriteLine($"  · {flip.Message}");
        }

        var stability = plan.Stability!;
        console.WriteLine(stability.Stable
            ? $"  · The choice survives halving and doubling each of the constants of effort and efficiency ({stability.Trials} trials)."
            : $"  · {stability.Changes.Count} of {stability.Trials} trials with halved or doubled constants change it: {string.Join("; ", stability.Changes)}.");
    }
}
