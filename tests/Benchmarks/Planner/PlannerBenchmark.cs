using System.Runtime.CompilerServices;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Planner;

/// <summary>Time and memory of one plan with all candidates, by BenchmarkDotNet: the bars are 1 ms and 100 kB.</summary>
internal sealed class PlannerBenchmark : IBenchmark
{
    private const double MillisecondsBar = 1;
    private const double KilobytesBar = 100;

    public string Name => "planner";

    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var report in BenchmarkRunner.Run<PlanTimes>(PlanTimes.Config).Reports)
        {
            var sample = report.BenchmarkCase.Parameters[nameof(PlanTimes.Sample)];
            var milliseconds = Statistics(report).Median / 1e6;
            var kilobytes = (report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0) / 1e3;
            if (report.BenchmarkCase.Descriptor.WorkloadMethod.Name == nameof(PlanTimes.Choose))
            {
                yield return new Figure($"{sample}: plan with all candidates", milliseconds, "ms", MillisecondsBar, MillisecondsBar / milliseconds, Hardware.Describe());
                yield return new Figure($"{sample}: memory allocated for it", kilobytes, "kB", KilobytesBar, KilobytesBar / kilobytes, Hardware.Describe());
            }
            else
            {
                yield return new Figure($"{sample}: the same with what would change it", milliseconds, "ms", null, null, Hardware.Describe());
            }
        }

        await Task.CompletedTask;
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

    private static BenchmarkDotNet.Mathematics.Statistics Statistics(BenchmarkReport report) => report.ResultStatistics
        ?? throw new InvalidOperationException($"BenchmarkDotNet measured nothing for {report.BenchmarkCase.DisplayInfo}: {string.Join(' ', report.ExecuteResults.SelectMany(result => result.Errors))}");
}
