using System.Runtime.CompilerServices;
using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>
/// What the planner predicts against what our own server does on this machine: memory, time to first token and between tokens, for each strategy under
/// three loads. A shared machine's speed wanders: the engine profile is measured before each of three rounds, and its forward passes again before and after
/// each load. Medians are those of all rounds' requests and of all their predictions. The profile in the middle by speed is written to a file.
/// </summary>
internal sealed class PredictionBenchmark : IBenchmark
{
    // Only a processor is shared with others.
    private static readonly int Rounds = Hardware.Node.Kind is NodeKind.Cpu ? 3 : 1;
    private const int Probes = 9;
    private const double LowLoad = 0.1;

    /// <summary>For so many requests, one comes before them and is not counted: it finds the server emptier than usual.</summary>
    private const int CountedToUncounted = 6;

    /// <summary>
    /// Shares of the predicted capacity, and requests under each in a round: the closer to capacity, the more until chance evens out. Under the first most requests are
    /// alone, under the others most are not: where about half of them are, chance decides of which kind the median is. The others come twice, so that the machine's speed is
    /// known in between.
    /// </summary>
    private static readonly (double Share, int Requests)[] Loads = [(0.1, 12), (0.5, 48), (0.7, 84), (0.5, 48), (0.7, 84)];

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
        using var machine = new MachineProfile();
        List<EngineProfile> profiles = [];
        List<StrategyRound> rounds = [];
        for (int round = 1; round <= Rounds; round++)
        {
            await machine.MeasureAsync(cancellationToken);
            profiles.Add(machine.Current);
            foreach (var strategy in Strategies)
            {
                Console.WriteLine($"prediction: round {round} of {Rounds}, {strategy.Name}");
                rounds.Add(await RunAsync(strategy, machine, round, cancellationToken));
            }
        }

        var middle = profiles.OrderBy(profile => profile.ComputeEfficiency).ElementAt(Rounds / 2);
        await File.WriteAllTextAsync(Path.Combine("artifacts", "bench", "engine-profile.json"), EngineProfiles.Write([middle]), cancellationToken);
        foreach (var figure in rounds.GroupBy(round => round.Strategy).SelectMany(StrategyRound.Figures))
        {
            yield return figure;
        }
    }

    private static async Task<StrategyRound> RunAsync(ServedStrategy strategy, MachineProfile machine, int round, CancellationToken cancellationToken)
    {
        var folder = BenchmarkModel.Open(strategy.Precision);
        using var directory = new TemporaryDirectory();
        string documents = Directory.CreateDirectory(Path.Combine(directory.Path, "documents")).FullName;
        string text = strategy.Document(folder);
        await File.WriteAllTextAsync(Path.Combine(documents, "document.txt"), text, cancellationToken);
        var workload = new Workload { DocumentTokens = text.Length == 0 ? 0 : folder.Tokenizer.Encode(text).Count, QueriesPerSecond = LowLoad };
        var planned = strategy.Predict(folder, machine.Current, workload);
        await using var server = await ServerProcess.StartAsync(strategy.Runtime(planned, folder.Directory, documents, ServerProcess.FreePort()), directory.Path, cancellationToken);
        var load = new TimedLoad(server.Http);
        await load.WarmUpAsync(cancellationToken);
        await load.TouchVocabularyAsync(folder.Geometry.VocabularySize, cancellationToken);
        workload = await MeasuredAsync(workload, planned, load, cancellationToken);
        List<LoadRound> loads = [];
        foreach (((double share, int requests), int index) in Loads.Select((load, index) => (load, index)))
        {
            var before = machine.Now(strategy.Precision);
            var loaded = workload with { QueriesPerSecond = share * strategy.Predict(folder, before, workload).CapacityQps };
            int uncounted = requests / CountedToUncounted;
            int seed = (((round * Strategies.Length) + Array.IndexOf(Strategies, strategy)) * Loads.Length) + index;
            var arrivals = new TypicalArrivals(strategy, strategy.Plan(folder, before, loaded)).Find(requests, uncounted, seed);
            var samples = await load.RunAsync(arrivals, uncounted, cancellationToken);
            loads.Add(new LoadRound(share, samples, [Predict(before), Predict(machine.Now(strategy.Precision))]));

            LatencyPrediction Predict(EngineProfile profile) => strategy.Predict(folder, profile, loaded).Latency
                ?? throw new InvalidOperationException($"{strategy.Name} is predicted to be past its capacity at {loaded.QueriesPerSecond:0.00} queries per second.");
        }

        return new StrategyRound(strategy, loads, server.MemoryBytes, planned.Memory.TotalBytes);
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
        if (planned.RetrievedPassages == 0)
        {
            return workload with { PromptTokens = computed };
        }

        // Passages are of whole tokens; what is left over counts as the question's.
        int passageTokens = (computed - workload.PromptTokens - KnowledgeFraming.HeaderTokens(planned.RetrievedPassages)) / planned.RetrievedPassages;
        return workload with { PassageTokens = passageTokens, PromptTokens = computed - KnowledgeFraming.HeaderTokens(planned.RetrievedPassages) - (planned.RetrievedPassages * passageTokens) };
    }
}
