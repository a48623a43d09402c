using System.Xml.Linq;
using Leanserve.Cli.Charts;
using Leanserve.Cli.Commands;
using Leanserve.Cli.Plans;
using Leanserve.Cli.Sweeps;
using Leanserve.Planner;
using Leanserve.Translation.Planning;

namespace Leanserve.Cli.Tests.Sweeps;

/// <summary>The map of strategies over two figures.</summary>
public sealed class StrategySweepTests
{
    [Theory]
    [InlineData("qps=0.1..50", 0.1, 50)]
    [InlineData("Documents=1k..1.5M", 1000, 1_500_000)]
    public void Range_OfAKnownAxis_IsRead(string text, double from, double to)
    {
        var (range, complaint) = SweepRange.Parse(text);
        Assert.Null(complaint);
        Assert.Equal((from, to), (range!.From, range.To));
    }

    [Theory]
    [InlineData("qps", "is no range")]
    [InlineData("speed=1..2", "is no axis; there are qps, documents")]
    [InlineData("qps=5..1", "the first must be above 0")]
    [InlineData("qps=0..1", "the first must be above 0")]
    [InlineData("qps=a..b", "is no range of numbers")]
    public void Range_ThatIsNone_IsRefusedWithItsValue(string text, string complaint) => Assert.Contains(complaint, SweepRange.Parse(text).Complaint, StringComparison.Ordinal);

    [Fact]
    public void Complaints_OfBadArguments_ComeAllAtOnce()
    {
        var complaints = PlanSweep.Complaints("qps=1..9,qps=2..5", [new FileInfo("map.bmp"), new FileInfo("/no/such/folder/map.svg")]).ToList();
        Assert.Equal(3, complaints.Count);
    }

    [Fact]
    public void Axes_WithTheirPresentValue_ChangeNothing() => Assert.All(SweepAxis.All, axis =>
    {
        var input = Handbook();
        var unchanged = axis.Present(input) is { } value ? axis.Change(input, value) : input;
        Assert.Equal(DeploymentPlanner.Choose(input).Selected!.Oae, DeploymentPlanner.Choose(unchanged).Selected!.Oae);
    });

    [Fact]
    public void Cells_AtEveryPoint_HoldWhatAPlanOfThatPointChooses()
    {
        var sweep = Run();
        foreach (var cell in sweep.Cells)
        {
            var input = sweep.Input with { Traffic = sweep.Input.Traffic with { QueriesPerSecond = cell.X }, Knowledge = sweep.Input.Knowledge with { Tokens = (long)Math.Round(cell.Y) } };
            Assert.Equal(DeploymentPlanner.Plan(input).Selected?.Name, cell.Selected?.Name);
        }
    }

    [Fact]
    public void Map_OverLoadAndDocuments_ShowsSeveralStrategiesAndWhereNothingIsFeasible()
    {
        var strategies = Run().Cells.Cast<SweepCell>().Select(cell => SweepCell.StrategyNames[cell.Strategy]).ToHashSet();
        Assert.Superset(new HashSet<string> { "Cag", "Rag", "nothing feasible" }, strategies);
    }

    [Fact]
    public void Picture_AsSvg_NamesAxesStrategiesAndTheStatedPoint()
    {
        var svg = XDocument.Parse(SvgFormat.Write(SweepPicture.Draw("handbook", Run())));
        var texts = svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        Assert.All(["queries per second", "documents (tokens)", "Cag", "Rag", "nothing feasible", "the choice flips", "as stated", "10k"], text => Assert.Contains(text, texts));
    }

    [Fact]
    public void Table_OfASweep_HasALineForEveryPoint()
    {
        var lines = SweepTable.Csv(Run()).TrimEnd().Split('\n');
        Assert.Equal(1 + (12 * 9), lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(character => character == ','), line.Count(character => character == ',')));
    }

    [Fact]
    public void TerminalMap_WithoutColours_ShowsLettersAndWhatTheyMean()
    {
        using var writer = new StringWriter();
        TerminalMap.Write(WideConsole.Create(writer), Run());
        Assert.All(["│CC", "C Cag (", "R Rag (", "· nothing feasible (", "of 108 points"], text => Assert.Contains(text, writer.ToString(), StringComparison.Ordinal));
    }

    private static StrategySweep Run() => StrategySweep.Run(
        Handbook(), SweepRange.Parse("qps=0.05..50").Range!, SweepRange.Parse("documents=1k..500k").Range!, 12, 9, () => { }, TestContext.Current.CancellationToken);

    private static PlanInput Handbook()
    {
        var yaml = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "handbook", "deployment.yaml"));
        return Assert.Single(PlanFile.Read(yaml, "deployment.yaml", new NodeFacts { Cores = 1, AllocatableMemoryBytes = 1 }).Planned).Plan.Input;
    }
}
