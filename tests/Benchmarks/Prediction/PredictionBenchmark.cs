using System.Runtime.CompilerServices;
using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>
/// What the planner predicts against what our own server does on this machine: memory, time to first token and between tokens, for each strategy under
/// three loads. A machine's speed wanders over minutes, so the engine profile is measured before each of three rounds; medians are those of all rounds' requests, and
/// of the rounds' predictions. The profile in the middle by speed is written to a file.
/// </summary>
internal sealed class PredictionBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int Probes = 9;
    private const double LowLoad = 0.1;

    /// <summary>
    /// Shares of the predicted capacity, and requests under each in a round: the closer to capacity, the more until chance evens out. Under the first most requests are
    /// alone, under the others most are not; between them, chance would decide of which kind the median is.
    /// </summary>
    private static readonly (double Share, int Requests)[] Loads = [(0.1, 12), (0.4, 24), (0.6, 40)];

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
        List<EngineProfile> profiles = [];
        List<Comparison> comparisons = [];
        for (int round = 1; round <= Rounds; round++)
        {
            profiles.Add(Hardware.Node.Kind is NodeKind.Cpu
                ? await CpuProfile.MeasureAsync(cancellationToken)
                : await ServerTimes.AddAsync(EngineProfiles.For(NodeKind.Gpu), cancellationToken));
            foreach (var strategy in Strategies)
            {
                Console.WriteLine($"prediction: round {round} of {Rounds}, {strategy.Name}");
                comparisons.AddRange(await CompareAsync(strategy, profiles[^1], round, cancellationToken));
            }
        }

        var middle = profiles.OrderBy(profile => profile.ComputeEfficiency).ElementAt(Rounds / 2);
        await File.WriteAllTextAsync(Path.Combine("artifacts", "bench", "engine-profile.json"), EngineProfiles.Write([middle]), cancellationToken);
        foreach (var same in comparisons.GroupBy(comparison => (comparison.Name, comparison.Unit)))
        {
            double measured = Median.Of(same.SelectMany(each => each.Measured));
            double predicted = Median.Of(same.Select(each => each.Predicted));
            yield return new Figure(same.Key.Name, measured, same.Key.Unit, predicted, predicted / measured, Hardware.Describe());
        }
    }

    private static async Task<IReadOnlyList<Comparison>> CompareAsync(ServedStrategy strategy, EngineProfile profile, int round, CancellationToken cancellationToken)
    {
        var folder = BenchmarkModel.Open(strategy.Precision);
        using var directory = new TemporaryDirectory();
        string documents = Directory.CreateDirectory(Path.Combine(directory.Path, "documents")).FullName;
        string text = strategy.Document(folder);
        await File.WriteAllTextAsync(Path.Combine(documents, "document.txt"), text, cancellationToken);
        var workload = new Workload { DocumentTokens = text.Length == 0 ? 0 : folder.Tokenizer.Encode(text).Count, QueriesPerSecond = LowLoad };
        var planned = strategy.Predict(folder, profile, workload);
        await using var server = await ServerProcess.StartAsync(strategy.Runtime(planned, folder.Directory, documents, ServerProcess.FreePort()), directory.Path, cancellationToken);
        var load = new TimedLoad(server.Http, strategy.Decoding);
        await load.WarmUpAsync(cancellationToken);
        await load.TouchVocabularyAsync(folder.Geometry.VocabularySize, cancellationToken);
        workload = await MeasuredAsync(workload, planned, load, cancellationToken);
        double capacity = strategy.Predict(folder, profile, workload).CapacityQps;
        List<Comparison> comparisons = [];
        foreach ((double share, int requests) in Loads)
        {
            var predicted = strategy.Predict(folder, profile, workload with { QueriesPerSecond = share * capacity }).Latency
                ?? throw new InvalidOperationException($"{strategy.Name} is predicted to be past its capacity at {share * capacity:0.00} queries per second.");
            var samples = await load.RunAsync(share * capacity, requests, seed: round, cancellationToken);
            string name = $"{strategy.Name}, {share} of capacity";
            comparisons.Add(new Comparison($"{name}: first token", samples.Select(sample => sample.FirstToken.TotalMilliseconds), predicted.TtftP50.TotalMilliseconds, "ms"));
            comparisons.Add(new Comparison($"{name}: between tokens", samples.Select(sample => sample.PerToken.TotalMilliseconds), PerToken(strategy, predicted).TotalMilliseconds, "ms"));
        }

        return [.. comparisons, new Comparison($"{strategy.Name}: memory", [server.MemoryBytes / 1e6], planned.Memory.TotalBytes / 1e6, "MB")];
    }

    /// <summary>
    /// The workload with as many prompt tokens as are computed for each request, all that prompts share left out: what is judged is how long they take. How many the
    /// planner would count, by characters of English prose, says nothing about made-up words.
    /// </summary>
    private static async Task<Workload> MeasuredAsync(Workload workload, Candidate planned, TimedLoad load, CancellationToken cancellationToken)
    {
        List<double> tokens = [];
        for (int i = 0; i < Probes; i++)
        {
            var sample = await load.AskAsync(cancellationToken);
            tokens.Add(sample.PromptTokens - sample.CachedTokens);
        }

        int computed = (int)Median.Of(tokens);
        return planned.RetrievedPassages == 0
            ? workload with { PromptTokens = computed }
            : workload with { PassageTokens = (computed - workload.PromptTokens - KnowledgeFraming.HeaderTokens(planned.RetrievedPassages)) / (double)planned.RetrievedPassages };
    }

    /// <summary>A median as what is measured, where the plan states a mean; a search's is taken as stated, for all of its tokens are seen at once.</summary>
    private static TimeSpan PerToken(ServedStrategy strategy, LatencyPrediction predicted) =>
        strategy.Decoding is DecodingMode.BeamSearch ? predicted.Itl : (predicted.E2eP50 - predicted.TtftP50) / (ServedStrategy.OutputTokens - 1);

    private sealed record Comparison(string Name, IEnumerable<double> Measured, double Predicted, string Unit);
}
