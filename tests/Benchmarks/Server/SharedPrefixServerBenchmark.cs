using System.Runtime.CompilerServices;
using Leanserve.Benchmarks.Engine;
using Leanserve.Benchmarks.Prediction;
using Leanserve.Contracts;

namespace Leanserve.Benchmarks.Server;

/// <summary>
/// Eight streams over HTTP, each one prefix of 2,048 tokens and a short question, all of whose prefixes the server has seen: one that all share against one of
/// each stream's own. <c>PEER_FLOAT32</c> and <c>PEER_INT4</c> name other OpenAI-compatible servers of the same geometry, which then get the shared load too.
/// </summary>
internal sealed class SharedPrefixServerBenchmark : IBenchmark
{
    private const int Streams = 8;
    private const int QuestionTokens = 16;
    private const int Tokens = 64;
    private const int Rounds = 3;

    /// <inheritdoc/>
    public string Name => "server-shared-prefix";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var precision in BenchmarkModel.Precisions)
        {
            var shared = await MeasureOwnAsync(precision, isShared: true, cancellationToken);
            var separate = await MeasureOwnAsync(precision, isShared: false, cancellationToken);
            foreach (var figure in Compare($"{precision}, one prefix against one for each stream", shared, separate))
            {
                yield return figure;
            }

            if (Environment.GetEnvironmentVariable($"PEER_{precision.ToString().ToUpperInvariant()}") is { Length: > 0 } peer)
            {
                using var http = new HttpClient { BaseAddress = new Uri(peer) };
                foreach (var figure in Compare($"{precision}, against {peer}", shared, await MeasureAsync(http, isShared: true, cancellationToken)))
                {
                    yield return figure;
                }
            }
        }
    }

    private static IEnumerable<Figure> Compare(string name, CompletionStreams.Round ours, CompletionStreams.Round other)
    {
        yield return new Figure(
            $"{Streams} streams, {name}", ours.TokensPerSecond, "tokens/s", other.TokensPerSecond, ours.TokensPerSecond / other.TokensPerSecond, Hardware.Describe());
        yield return new Figure(
            $"{Streams} streams, {name}: first token", ours.FirstTokenMilliseconds, "ms", other.FirstTokenMilliseconds,
            other.FirstTokenMilliseconds / ours.FirstTokenMilliseconds, Hardware.Describe());
    }

    private static async Task<CompletionStreams.Round> MeasureOwnAsync(WeightPrecision precision, bool isShared, CancellationToken cancellationToken)
    {
        int perStream = (Rounds + 1) * (QuestionTokens + Tokens);
        var config = new RuntimeConfig
        {
            ModelName = "model-a",
            ModelDirectory = BenchmarkModel.Open(precision).Directory,
            Threads = Hardware.Threads,
            ExecutionProvider = Hardware.Provider,
            Port = ServerProcess.FreePort(),
            Knowledge = new KnowledgeConfig { Mode = KnowledgeMode.Dense },
            Decoding = new DecodingConfig { Mode = DecodingMode.Sampling },
            Limits = new EngineLimits
            {
                KvSlots = (BenchmarkModel.PrefixTokens * (isShared ? 1 : Streams)) + (Streams * perStream),
                MaxConcurrentRequests = Streams,
                MaxOutputTokens = Tokens,
            },
        };
        using var directory = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(config, directory.Path, cancellationToken);
        return await MeasureAsync(server.Http, isShared, cancellationToken);
    }

    /// <summary>The first round makes the server know the prefixes and is not counted.</summary>
    private static async Task<CompletionStreams.Round> MeasureAsync(HttpClient http, bool isShared, CancellationToken cancellationToken)
    {
        var streams = new CompletionStreams(http, Tokens);
        List<CompletionStreams.Round> rounds = [];
        for (int round = 0; round <= Rounds; round++)
        {
            int number = round;
            rounds.Add(await streams.RunAsync(Enumerable.Range(0, Streams).Select(stream => Prompt(stream, number, isShared)), cancellationToken));
        }

        return new CompletionStreams.Round(
            Median.Of(rounds.Skip(1).Select(round => round.TokensPerSecond)), Median.Of(rounds.Skip(1).Select(round => round.FirstTokenMilliseconds)));
    }

    private static int[] Prompt(int stream, int round, bool isShared)
    {
        var random = new Random((round * Streams) + stream);
        int[] prefix = isShared ? BenchmarkModel.Prefix : [stream + 1, .. BenchmarkModel.Prefix.Skip(1)];
        return [.. prefix, .. Enumerable.Range(0, QuestionTokens).Select(_ => random.Next(1000, 31_000))];
    }
}
