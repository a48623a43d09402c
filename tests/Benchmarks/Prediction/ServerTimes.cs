using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>What the server takes beside forward passes: requests through HTTP, alone and together, less what the roofline explains; and the process's memory.</summary>
internal static class ServerTimes
{
    private const int Requests = 24;
    private const int Together = 8;
    private const int PromptTokens = 4 * ServedStrategy.PromptWords;
    private const double LowLoad = 0.1;

    /// <summary>The profile with the server's own times and memory.</summary>
    public static async Task<EngineProfile> AddAsync(EngineProfile profile, CancellationToken cancellationToken)
    {
        var strategy = new ServedStrategy(KnowledgeMode.Dense, DecodingMode.Sampling, WeightPrecision.Int4);
        var folder = BenchmarkModel.Open(strategy.Precision);
        var bare = profile with { SecondsPerStep = 0, SecondsPerSequence = 0, SecondsPerRequest = 0, RuntimeBytes = 0 };
        var planned = strategy.Predict(folder, bare, new Workload { QueriesPerSecond = LowLoad, PromptTokens = PromptTokens });
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(strategy.Runtime(planned, folder.Directory, "", ServerProcess.FreePort()), directory.Path, cancellationToken);
        var load = new TimedLoad(server.Http);
        await load.WarmUpAsync(cancellationToken);
        List<TimedLoad.Sample> samples = [];
        for (int i = 0; i < Requests; i++)
        {
            samples.Add(await load.AskAsync(cancellationToken));
        }

        double prompt = Median.Of(samples.Select(sample => (double)sample.PromptTokens - sample.CachedTokens));
        var shape = new RequestShape { PromptTokens = prompt, OutputTokens = ServedStrategy.OutputTokens };
        var limits = planned.Limits!;
        int together = Math.Min(Together, limits.MaxConcurrentRequests);
        var curve = Curve(bare, folder.Geometry, shape, limits);
        double request = Median.Of(samples.Select(sample => sample.FirstToken.TotalSeconds)) - curve.PrefillSeconds(1);
        double step = Median.Of(samples.Select(sample => sample.PerToken.TotalSeconds)) - curve.InterTokenSeconds(1);
        var lone = bare with { SecondsPerStep = Math.Max(step, 0), SecondsPerRequest = Math.Max(request, 0) };

        // Pages are taken when first used: memory is what it is once every slot and token was.
        await load.TouchVocabularyAsync(folder.Geometry.VocabularySize, cancellationToken);
        int waves = (int)Math.Ceiling(limits.KvSlots / shape.MeanOwnSlots / together) + 1;
        var shared = await load.RunWavesAsync(waves, together, cancellationToken);
        double sequence = (Median.Of(shared.Select(sample => sample.PerToken.TotalSeconds)) - Curve(lone, folder.Geometry, shape, limits).StepSeconds(together)) / (together - 1);
        return lone with
        {
            SecondsPerStep = Math.Max(lone.SecondsPerStep - Math.Max(sequence, 0), 0),
            SecondsPerSequence = Math.Max(sequence, 0),
            RuntimeBytes = Math.Max(server.MemoryBytes - planned.Memory.TotalBytes, 0),
        };
    }

    private static ServiceCurve Curve(EngineProfile profile, ModelGeometry geometry, RequestShape shape, EngineLimits limits)
    {
        var forward = new ForwardCost(geometry, WeightPrecision.Int4, Hardware.Node.BandwidthBytesPerSecond, Hardware.Node.FlopsPerSecond, profile);
        var curve = new ServiceCurve(limits.MaxConcurrentRequests);
        curve.Fill(new EngineCost(forward, profile, limits.PrefillChunkTokens), shape, limits.MaxConcurrentRequests);
        return curve;
    }
}
