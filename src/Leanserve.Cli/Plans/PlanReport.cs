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
        foreach (var line in planned.Notes.Concat(PlanNotes.Of(plan)).Concat(planned.Contradictions.Select(contradiction => contradiction.ToString())))
        {
            console.MarkupLineInterpolated($"  [yellow]note[/] {line}");
        }

        console.WriteLine();
        if (plan.Feasible)
        {
            console.Write(SelectedFigures.Of(plan));
            console.WriteLine();
        }

        Alternatives(console, plan);
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

    // Figures first, sentences below: with both in one table, every cell would break in a terminal of 80 columns.
    private static void Alternatives(IAnsiConsole console, DeploymentPlan plan)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("   Strategy", "OAE", "$/Mtok", "Pods", "Memory", "TTFT p95", "Per token", "q/s");
        table.Columns.ToList().ForEach(column => column.NoWrap().PadLeft(0).PadRight(1));
        foreach (var candidate in plan.Candidates.Where(candidate => !RuledOut(candidate)))
        {
            table.AddRow([new Markup($" {Mark(candidate)} {candidate.Name}"), .. Figures(candidate).Select(figure => new Text(figure))]);
        }

        console.Write(table);
        console.MarkupLine("[grey]✓ selected  · meets the objectives too  ✗ rejected; OAE of 1 is best, $ all in a million answer tokens, q/s carried within the objectives[/]");
        console.WriteLine();
        console.WriteLine("Why, and why not the others:");
        var reasons = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var alike in plan.Candidates.GroupBy(candidate => RuledOut(candidate) ? candidate.Message : candidate.Name))
        {
            var candidate = alike.First();
            reasons.AddRow(
                new Markup(string.Join('\n', alike.Select(each => $" {Mark(each)} {each.Name}"))),
                new Text(candidate.Verdict is CandidateVerdict.Rejected ? $"{candidate.Reason}: {candidate.Message}" : candidate.Message));
        }

        console.Write(reasons);
        console.WriteLine();
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

    private static string Mark(Candidate candidate) => candidate.Verdict switch
    {
        CandidateVerdict.Selected => "[green]✓[/]",
        CandidateVerdict.Eligible => "·",
        _ => "[grey]✗[/]",
    };

    private static void Changes(IAnsiConsole console, DeploymentPlan plan)
    {
        if (!plan.Feasible)
        {
            console.WriteLine(plan.FeasibleChanges.Count == 0 ? "No single change that was searched makes it feasible." : "What would make it feasible, smallest change first:");
            Bullets(console, plan.FeasibleChanges.Select(change => change.Message));
            return;
        }

        console.WriteLine("What would change it:");
        Bullets(console, [.. plan.Flips.Select(flip => flip.Message), plan.Stability!.Message]);
    }

    private static void Bullets(IAnsiConsole console, IEnumerable<string> lines)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(1)).AddColumn(new GridColumn().PadLeft(0));
        foreach (var line in lines)
        {
            grid.AddRow(new Text("·"), new Text(line));
        }

        console.Write(grid);
    }
}
