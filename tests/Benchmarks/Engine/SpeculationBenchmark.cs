using System.Diagnostics;
using System.Runtime.CompilerServices;
using Leanserve.Benchmarks.Prediction;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx;
using Leanserve.Onnx.Reader;

namespace Leanserve.Benchmarks.Engine;

/// <summary>
/// N-gram speculation on and off: on the reader, whose answers copy sentences of its documents, where it gains most; and on model A, whose weights are random and whose
/// sampled answers repeat nothing, where it can only cost.
/// </summary>
internal sealed class SpeculationBenchmark : IBenchmark
{
    private const int DraftTokens = 8;
    private const int Rounds = 3;
    private const int Slots = 4096;
    private const int Questions = 24;

    private static readonly string[] Syllables = [.. "tnsrlmdkpb".SelectMany(consonant => "aeiou".Select(vowel => $"{consonant}{vowel}"))];

    /// <inheritdoc/>
    public string Name => "speculation";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var directory = new TemporaryDirectory();
        foreach (var precision in BenchmarkModel.Precisions)
        {
            string path = Path.Combine(directory.Path, $"{precision}");
            ReaderModel.Write(path, precision);
            var reader = ModelFolder.Open(path);
            var random = BenchmarkModel.Open(precision);
            foreach (int streams in new[] { 1, 4 })
            {
                await foreach (var figure in CompareAsync($"reader, {precision}, {streams} streams", reader, Copying(reader), streams, cancellationToken))
                {
                    yield return figure;
                }
            }

            await foreach (var figure in CompareAsync($"model A, nothing repeated, {precision}, 1 stream", random, Random(), 1, cancellationToken))
            {
                yield return figure;
            }
        }
    }

    private static async IAsyncEnumerable<Figure> CompareAsync(
        string name, ModelFolder folder, IReadOnlyList<GenerationRequest> requests, int streams, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Run> off = [];
        List<Run> on = [];
        for (int round = 0; round < Rounds; round++)
        {
            off.Add(await MeasureAsync(folder, requests, streams, 0, cancellationToken));
            on.Add(await MeasureAsync(folder, requests, streams, DraftTokens, cancellationToken));
        }

        yield return Compare($"{name}: tokens a step", "tokens", on.Select(run => run.TokensPerStep), off.Select(run => run.TokensPerStep));
        yield return new Figure($"speculation, {name}: drafted in vain, an answer and step", Median.Of(on.Select(run => run.MissedPerStep)), "tokens", null, null, Hardware.Describe());
        yield return Compare($"{name}: decoding", "tokens/s", on.Select(run => run.TokensPerSecond), off.Select(run => run.TokensPerSecond));
    }

    private static async Task<Run> MeasureAsync(
        ModelFolder folder, IReadOnlyList<GenerationRequest> requests, int streams, int drafts, CancellationToken cancellationToken)
    {
        var limits = new EngineLimits { KvSlots = Slots, MaxConcurrentRequests = streams, MaxOutputTokens = 256 };
        var runner = folder.CreateRunner(BenchmarkModel.Options(Slots));
        await using var engine = new InferenceEngine(runner, folder.Tokenizer, new EngineOptions { Limits = limits, DraftTokens = drafts }, TimeProvider.System);

        // The first time through computes the prompts; the second decodes on what is cached.
        await AskAsync(engine, requests, streams, cancellationToken);
        var before = engine.Statistics;
        long start = Stopwatch.GetTimestamp();
        await AskAsync(engine, requests, streams, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var after = engine.Statistics;
        double tokens = after.GeneratedTokens - before.GeneratedTokens;
        double accepted = after.AcceptedTokens - before.AcceptedTokens;
        double missed = after.DraftedTokens - before.DraftedTokens - accepted;
        return new Run(tokens / seconds, tokens / (after.Steps - before.Steps), missed / (tokens - accepted));
    }

    /// <param name="TokensPerSecond">Of all answers together.</param>
    /// <param name="TokensPerStep">Likewise.</param>
    /// <param name="MissedPerStep">Tokens that one answer drafts in a step and does not draw; each step draws one more of it than was drafted and drawn.</param>
    private readonly record struct Run(double TokensPerSecond, double TokensPerStep, double MissedPerStep);

    private static Task AskAsync(InferenceEngine engine, IReadOnlyList<GenerationRequest> requests, int streams, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = streams, CancellationToken = cancellationToken }, async (request, token) =>
        {
            await foreach (var _ in engine.GenerateAsync(request, token))
            {
            }
        });

    /// <summary>Questions whose answers are sentences of some 20 words.</summary>
    private static List<GenerationRequest> Copying(ModelFolder folder)
    {
        var random = new Random(1);
        var sentences = Enumerable.Range(0, Questions).Select(_ => (Start: Words(random, 5), Answer: Words(random, 20))).ToList();
        var documents = folder.Tokenizer.Encode(string.Concat(sentences.Select(sentence => $"{char.ToUpperInvariant(sentence.Start[0])}{sentence.Start[1..]} {sentence.Answer}.\n")));
        return [.. sentences.Select(sentence => new GenerationRequest
        {
            PromptTokens =
            [
                folder.Tokenizer.BeginToken!.Value, .. Markup("<|system|>"), .. documents, .. Markup("<|end|><|user|>"),
                .. folder.Tokenizer.Encode(sentence.Start), .. Markup("<|end|><|assistant|>"),
            ],
            MaxTokens = 128,
            Sampling = new SamplingOptions { Seed = 1 },
        })];

        IReadOnlyList<int> Markup(string text) => folder.Tokenizer.Encode(text, parseSpecialTokens: true);
    }

    private static List<GenerationRequest> Random() => [.. Enumerable.Range(0, 4).Select(stream => BenchmarkModel.Request(stream, 64) with
    {
        Sampling = new SamplingOptions { Seed = (ulong)stream },
    })];

    private static string Words(Random random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, 3).Select(_ => Syllables[random.Next(Syllables.Length)]))));

    private static Figure Compare(string name, string unit, IEnumerable<double> on, IEnumerable<double> off)
    {
        (double value, double baseline) = (Median.Of(on), Median.Of(off));
        return new Figure($"speculation, {name}", value, unit, baseline, value / baseline, Hardware.Describe());
    }
}
