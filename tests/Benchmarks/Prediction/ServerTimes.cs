using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>What the server takes beside forward passes: a lone user's requests through HTTP, less what the roofline explains; and the process's memory.</summary>
internal static class ServerTimes
{
    private const int Requests = 12;
    private const int Slots = 1024;

    /// <summary>The profile with the server's own times and memory.</summary>
    public static async Task<EngineProfile> AddAsync(EngineProfile profile, CancellationToken cancellationToken)
    {
        var strategy = new ServedStrategy(KnowledgeMode.Dense, DecodingMode.Sampling, WeightPrecision.Int4);
        var folder = ModelA.Open(strategy.Precision);
        var config = new RuntimeConfig
        {
            ModelName = "model-a",
            ModelDirectory = folder.Directory,
            Threads = Hardware.Threads,
            Port = ServerProcess.FreePort(),
            Knowledge = new KnowledgeConfig { Mode = strategy.Knowledge },
            Decoding = new DecodingConfig { Mode = strategy.Decoding },
            Limits = new EngineLimits { KvSlots = Slots, MaxConcurrentRequests = 4, MaxOutputTokens = ServedStrategy.OutputTokens },
        };
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(config, directory.Path, cancellationToken);
        var load = new TimedLoad(server.Http, strategy.Decoding);
        List<TimedLoad.Sample> samples = [];
        for (int i = 0; i < Requests; i++)
        {
            samples.Add(await load.AskAsync(cancellationToken));
        }

        var node = CpuNode.Of(Hardware.Threads, 8_000_000_000);
        var bare = profile with { SecondsPerStep = 0, SecondsPerSequence = 0, SecondsPerRequest = 0, SecondsPerPromptToken = 0 };
        var cost = new ForwardCost(folder.Geometry, strategy.Precision, node.BandwidthBytesPerSecond, node.FlopsPerSecond, bare);
        double prompt = Median.Of(samples.Select(sample => (double)sample.PromptTokens));
        double slots = prompt + (ServedStrategy.OutputTokens / 2.0);
        double step = Median.Of(samples.Select(sample => sample.PerToken.TotalSeconds)) - cost.StepSeconds(1, 1, slots, slots);
        double request = Median.Of(samples.Select(sample => sample.FirstToken.TotalSeconds)) - cost.PrefillSeconds(prompt, 0, config.Limits.PrefillChunkTokens);
        long cache = KvCacheMemory.BufferBytes(folder.Geometry, sizeof(float), Slots);
        return bare with
        {
            SecondsPerSequence = Math.Max(step, 0),
            SecondsPerRequest = Math.Max(request, 0),
            RuntimeBytes = server.ResidentBytes - cache - folder.WeightsBytes,
        };
    }
}
