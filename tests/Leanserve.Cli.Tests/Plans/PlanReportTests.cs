using Leanserve.Cli.Plans;
using Leanserve.Translation.Planning;

namespace Leanserve.Cli.Tests.Plans;

/// <summary>What a reader of <c>leanserve plan</c> sees.</summary>
public sealed class PlanReportTests
{
    [Fact]
    public void Report_OfAFeasiblePlan_AnswersWhatPeopleAsk()
    {
        var text = Report("handbook", explain: false);
        Assert.Contains("handbook: Cag on 1 × L4,", text, StringComparison.Ordinal);
        Assert.All(["Fits?", "Fast?", "Enough?", "Costs?", "People?", "Robust?", "What would change it:", "flips to Rag above"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Report_OfAnInfeasiblePlan_NamesTheChangesThatWouldDo()
    {
        var text = Report("weights-too-large", explain: false);
        Assert.Contains("Nothing meets the objectives on L4", text, StringComparison.Ordinal);
        Assert.Contains("What would make it feasible, smallest change first:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_WithExplain_WalksThroughTheArithmeticAndTheConstants()
    {
        var text = Report("handbook", explain: true);
        Assert.All(["Memory of one replica", "KV a token", "Overhead-aware efficiency", "RetrievedPassages = 3"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    private static string Report(string name, bool explain)
    {
        var yaml = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", name, "deployment.yaml"));
        var file = PlanFile.Read(yaml, "deployment.yaml", new NodeFacts { Cores = 1, AllocatableMemoryBytes = 1 });
        using var writer = new StringWriter();
        PlanReport.Write(WideConsole.Create(writer), Assert.Single(file.Planned), explain);
        return writer.ToString();
    }
}
