using System.Runtime.CompilerServices;
using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>
/// What the planner predicts against what our own server does on this machine: memory, time to first token and between tokens, for each strategy under
/// three loads. The engine profile is measured at the start of the run.
/// </summary>
internal sealed class PredictionBenchmark : IBenchmark
{
    private const double LowLoad = 0.1;

    /// <summary>Shares of the predicted capacity, and how long each is kept up: the closer to capacity, the longer until chance evens out.</summary>
    private static readonly (double Share, TimeSpan Duration)[] Loads =
        [(0.2, Kept), (0.4, Kept), (0.6, 2 * Kept)];

    /// <summary>A GPU answers more in less time.</summary>
    private static TimeSpan Kept => TimeSpan.FromSeconds(Hardware.Node.Kind is NodeKind.Cpu ? 15 : 4);

    private static readonly ServedStrategy[] Strategies =
    [
        new(KnowledgeMode.Dense, DecodingMode.Sampling, BenchmarkModel.Full),
        new(KnowledgeMode.Dense, DecodingMode.Sampling, WeightPrecision.Int4),
        new(KnowledgeMode.Dense, DecodingMode.BeamSearch, WeightPrecision.Int4),
        new(KnowledgeMode.Cag, DecodingMode.Sampling, WeightPrecision.Int4),
        new(KnowledgeMode.Rag, DecodingMode.Sampling, WeightPrecision.Int4),
    ];

    /// <inheritdoc/>
    public string Name => "prediction";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var profile = Hardware.Node.Kind is NodeKind.Cpu
            ? await CpuProfile.MeasureAsync(cancellationToken)
            : await ServerTimes.AddAsync(EngineProfiles.For(NodeKind.Gpu), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine("artifacts", "bench", "engine-profile.json"), EngineProfiles.Write([profile]), cancellationToken);
        foreach (var strategy in Strategies)
        {
            await foreach (var figure in CompareAsync(strategy, profile, cancellationToken))
            {
                yield return figure;
            }
        }
    }

    private static async IAsyncEnumerable<Figure> CompareAsync(
        ServedStrategy strategy, EngineProfile profile, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = BenchmarkModel.Open(strategy.Precision);
        using var directory = new TemporaryDirectory();
        string documents = Directory.CreateDirectory(Path.Combine(directory.Path, "documents")).FullName;
        string text = strategy.Document(folder);
        await File.WriteAllTextAsync(Path.Combine(documents, "document.txt"), text, cancellationToken);
        int documentTokens = text.Length == 0 ? 0 : folder.Tokenizer.Encode(text).Count;
        int promptTokens = await PromptTokensAsync(directory.Path, cancellationToken);
        var planned = strategy.Predict(folder, profile, LowLoad, promptTokens, documentTokens);
        await using var server = await ServerProcess.StartAsync(strategy.Runtime(planned, folder.Directory, documents, ServerProcess.FreePort()), directory.Path, cancellationToken);
        var load = new TimedLoad(server.Http, strategy.Decoding);
        await load.WarmUpAsync(cancellationToken);
        await load.TouchVocabularyAsync(folder.Geometry.VocabularySize, cancellationToken);
        foreach ((double share, var duration) in Loads)
        {
            double rate = share * planned.CapacityQps;
            var predicted = strategy.Predict(folder, profile, rate, promptTokens, documentTokens).Latency
                ?? throw new InvalidOperationException($"{strategy.Name} is predicted to be past its capacity at {rate:0.00} queries per second.");
            var samples = await load.RunAsync(rate, duration, cancellationToken);
            string name = $"{strategy.Name}, {rate:0.00} queries/s";
            yield return Compare($"{name}: prompt", Median.Of(samples.Select(sample => (double)sample.PromptTokens - sample.CachedTokens)), promptTokens + (planned.RetrievedPassages * planned.PassageTokens), "tokens");
            yield return Compare($"{name}: first token", Median.Of(samples.Select(sample => sample.FirstToken.TotalMilliseconds)), predicted.TtftP50.TotalMilliseconds, "ms");
            yield return Compare($"{name}: between tokens", Median.Of(samples.Select(sample => sample.PerToken.TotalMilliseconds)), PerToken(strategy, predicted).TotalMilliseconds, "ms");
        }

        yield return Compare($"{strategy.Name}: memory", server.MemoryBytes / 1e6, planned.Memory.TotalBytes / 1e6, "MB");
    }

    /// <summary>A median as what is measured, where the plan states a mean; a search's is taken as stated, for all of its tokens are seen at once.</summary>
    private static TimeSpan PerToken(ServedStrategy strategy, LatencyPrediction predicted) =>
        strategy.Decoding is DecodingMode.BeamSearch ? predicted.Itl : (predicted.E2eP50 - predicted.TtftP50) / (ServedStrategy.OutputTokens - 1);

    /// <summary>Tokens of a prompt that are computed for each request: with the chat template, less its opening that all prompts share, without documents.</summary>
    private static async Task<int> PromptTokensAsync(string directory, CancellationToken cancellationToken)
    {
        var plain = new ServedStrategy(KnowledgeMode.Dense, DecodingMode.Sampling, WeightPrecision.Int4);
        var folder = BenchmarkModel.Open(plain.Precision);
        var planned = plain.Predict(folder, EngineProfiles.For(NodeKind.Cpu), LowLoad, ServedStrategy.PromptWords, documentTokens: 0);
        await using var server = await ServerProcess.StartAsync(plain.Runtime(planned, folder.Directory, "", ServerProcess.FreePort()), directory, cancellationToken);
        var load = new TimedLoad(server.Http, plain.Decoding);
        List<double> tokens = [];
        for (int i = 0; i < 5; i++)
        {
            var sample = await load.AskAsync(cancellationToken);
            tokens.Add(sample.PromptTokens - sample.CachedTokens);
        }

        return (int)Median.Of(tokens);
    }

    private static Figure Compare(string name, double measured, double predicted, string unit) => new(name, measured, unit, predicted, predicted / measured, Hardware.Describe());
}
