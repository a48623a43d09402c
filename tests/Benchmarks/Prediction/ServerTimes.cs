using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>What the server takes beside forward passes: a lone user's requests through HTTP, less what the roofline explains; and the process's memory.</summary>
internal static class ServerTimes
{
    private const int Requests = 12;
    private const int PromptTokens = 4 * ServedStrategy.PromptWords;
    private const double LowLoad = 0.1;
    private const double TouchingLoad = 8;

    private static readonly TimeSpan TouchingDuration = TimeSpan.FromSeconds(10);

    /// <summary>The profile with the server's own times and memory.</summary>
    public static async Task<EngineProfile> AddAsync(EngineProfile profile, CancellationToken cancellationToken)
    {
        var strategy = new ServedStrategy(KnowledgeMode.Dense, DecodingMode.Sampling, WeightPrecision.Int4);
        var folder = ModelA.Open(strategy.Precision);
        var bare = profile with { SecondsPerStep = 0, SecondsPerSequence = 0, SecondsPerRequest = 0, RuntimeBytes = 0 };
        var planned = strategy.Predict(folder, bare, LowLoad, PromptTokens, documentTokens: 0);
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(strategy.Runtime(planned, folder.Directory, "", ServerProcess.FreePort()), directory.Path, cancellationToken);
        var load = new TimedLoad(server.Http, strategy.Decoding);
        await load.WarmUpAsync(cancellationToken);
        List<TimedLoad.Sample> samples = [];
        for (int i = 0; i < Requests; i++)
        {
            samples.Add(await load.AskAsync(cancellationToken));
        }

        var cost = new ForwardCost(folder.Geometry, strategy.Precision, CpuProfile.Node.BandwidthBytesPerSecond, CpuProfile.Node.FlopsPerSecond, bare);
        double prompt = Median.Of(samples.Select(sample => (double)sample.PromptTokens - sample.CachedTokens));
        double slots = prompt + (ServedStrategy.OutputTokens / 2.0);
        double step = Median.Of(samples.Select(sample => sample.PerToken.TotalSeconds)) - cost.StepSeconds(1, 1, slots, slots);
        double request = Median.Of(samples.Select(sample => sample.FirstToken.TotalSeconds)) - cost.PrefillSeconds(prompt, 0, planned.Limits!.PrefillChunkTokens);
        // Tables are mapped and buffers filled as they are used: memory is what it is after many prompts side by side.
        await load.RunAsync(TouchingLoad, TouchingDuration, cancellationToken);
        return bare with
        {
            SecondsPerStep = Math.Max(step, 0),
            SecondsPerRequest = Math.Max(request, 0),
            RuntimeBytes = Math.Max(server.ResidentBytes - planned.Memory.TotalBytes, 0),
        };
    }
}
