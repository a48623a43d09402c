using System.Diagnostics;
using System.Runtime.CompilerServices;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Planner;

/// <summary>Time and memory of one plan with all candidates: the bars are 1 ms and 100 kB.</summary>
internal sealed class PlannerBenchmark : IBenchmark
{
    private const int WarmUps = 400;
    private const int Plans = 400;
    private const double MillisecondsBar = 1;
    private const double KilobytesBar = 100;

    public string Name => "planner";

    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (what, input) in (ValueTuple<string, PlanInput>[])[("on a GPU", OnGpu()), ("on a CPU", OnCpu())])
        {
            for (var i = 0; i < WarmUps; i++)
            {
                DeploymentPlanner.Choose(input);
            }

            var times = new double[Plans];
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Plans; i++)
            {
                var start = Stopwatch.GetTimestamp();
                DeploymentPlanner.Choose(input);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            var kilobytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 1e3 / Plans;
            var milliseconds = Median.Of(times);
            yield return new Figure($"plan with all candidates {what}", milliseconds, "ms", MillisecondsBar, MillisecondsBar / milliseconds, Hardware.Describe());
            yield return new Figure($"memory allocated for it {what}", kilobytes, "kB", KilobytesBar, KilobytesBar / kilobytes, Hardware.Describe());
            await Task.Yield();
        }
    }

    /// <summary>A handbook of 5,000 tokens on one L4.</summary>
    internal static PlanInput OnGpu() => new()
    {
        Geometry = new ModelGeometry
        {
            Parameters = 8_030_000_000, Layers = 32, HiddenSize = 4096, AttentionHeads = 32, KeyValueHeads = 8, HeadSize = 128,
            IntermediateSize = 14336, VocabularySize = 128256, MaxContextTokens = 131072,
        },
        Weights = [new(WeightPrecision.Int4)],
        Node = GpuCatalogue.Find("L4")!.ToNode(),
        Traffic = new() { QueriesPerSecond = 0.5 },
        Objectives = new() { TimeToFirstToken = TimeSpan.FromSeconds(3), RequestLatency = TimeSpan.FromSeconds(30) },
        Knowledge = new() { Tokens = 5000, Sources = 1, ChangesPerDay = 1 },
    };

    private static PlanInput OnCpu() => OnGpu() with { Node = CpuNode.Of(2, 32L << 30), Traffic = new() { QueriesPerSecond = 0.01 }, Objectives = new() };
}
