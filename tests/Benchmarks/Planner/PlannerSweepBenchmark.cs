using System.Diagnostics;
using System.Runtime.CompilerServices;
using Leanserve.Cli.Charts;
using Leanserve.Cli.Sweeps;

namespace Leanserve.Benchmarks.Planner;

/// <summary>Time of a map of 10,000 points over load and documents, its picture included, on all cores: the bar is 10 s on two.</summary>
internal sealed class PlannerSweepBenchmark : IBenchmark
{
    private const int Columns = 125;
    private const int Rows = 80;
    private const double SecondsBar = 10;

    public string Name => "planner-sweep";

    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var load = SweepRange.Parse("qps=0.1..50").Range!;
        var documents = SweepRange.Parse("documents=1k..500k").Range!;
        var input = PlannerBenchmark.OnGpu() with { Replicas = new() { Max = 4 } };
        var start = Stopwatch.GetTimestamp();
        var sweep = StrategySweep.Run(input, load, documents, Columns, Rows, () => { }, cancellationToken);
        var planned = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var picture = SvgFormat.Write(SweepPicture.Draw("sweep", sweep));
        var all = Stopwatch.GetElapsedTime(start).TotalSeconds;
        yield return new Figure("sweep of 10,000 points, unwarmed", planned, "s", SecondsBar, SecondsBar / planned, Hardware.Describe());
        yield return new Figure("the same with its map as SVG", all, "s", SecondsBar, SecondsBar / all, Hardware.Describe());
        yield return new Figure("the map's size", picture.Length / 1e3, "kB", null, null, Hardware.Describe());
        await Task.CompletedTask;
    }
}
