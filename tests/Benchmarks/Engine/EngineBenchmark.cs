using System.Diagnostics;
using System.Runtime.CompilerServices;
using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Benchmarks.Engine;

/// <summary>The whole engine: time to first token with and without cache, throughput of eight streams, share of time and memory outside the model.</summary>
internal sealed class EngineBenchmark : IBenchmark
{
    private const int Streams = 8;
    private const int Tokens = 64;
    private const int Slots = 4096;

    /// <inheritdoc/>
    public string Name => "engine";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var precision in BenchmarkModel.Precisions)
        {
            await using var engine = BenchmarkModel.Engine(precision, Slots, Streams);
            double cold = (await AskAsync(engine, BenchmarkModel.Request(1, 1), cancellationToken)).TimeToFirstToken.TotalMilliseconds;
            await engine.PreloadAsync("prefix", BenchmarkModel.Prefix, cancellationToken);
            List<double> warm = [];
            for (int i = 0; i < 7; i++)
            {
                warm.Add((await AskAsync(engine, BenchmarkModel.Request(100 + (2 * i), 1), cancellationToken)).TimeToFirstToken.TotalMilliseconds);
            }

            double cached = Median.Of(warm);
            yield return new Figure(
                $"time to first token, {BenchmarkModel.PrefixTokens} cached tokens, {precision}", cached, "ms", cold, cold / cached, Hardware.Describe());
            await foreach (var figure in MeasureStreamsAsync(engine, precision, cancellationToken))
            {
                yield return figure;
            }
        }
    }

    private static async IAsyncEnumerable<Figure> MeasureStreamsAsync(
        InferenceEngine engine, WeightPrecision precision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Buffers grow to the size of eight streams once.
        await AskAllAsync(engine, cancellationToken);
        var before = engine.Statistics;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        await AskAllAsync(engine, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var after = engine.Statistics;
        var model = after.ModelTime - before.ModelTime;
        var overhead = after.OverheadTime - before.OverheadTime;
        string name = $"{Streams} streams on {BenchmarkModel.PrefixTokens} cached tokens, {precision}";
        yield return new Figure($"{name}: throughput", Streams * Tokens / elapsed.TotalSeconds, "tokens/s", null, null, Hardware.Describe());
        yield return new Figure($"{name}: outside the model", 100 * (overhead / (model + overhead)), "% of a step", null, null, Hardware.Describe());
        yield return new Figure($"{name}: allocated", allocated / 1000.0 * 100 / (Streams * Tokens), "kB per 100 tokens", null, null, Hardware.Describe());
    }

    private static Task AskAllAsync(InferenceEngine engine, CancellationToken cancellationToken) => Task.WhenAll(
        Enumerable.Range(0, Streams).Select(stream => AskAsync(engine, BenchmarkModel.Request(1000 + (2 * stream), Tokens), cancellationToken)));

    private static async Task<GenerationTimings> AskAsync(InferenceEngine engine, GenerationRequest request, CancellationToken cancellationToken)
    {
        GenerationTimings timings = default;
        await foreach (var generationEvent in engine.GenerateAsync(request, cancellationToken))
        {
            timings = generationEvent is GenerationFinished finished ? finished.Timings : timings;
        }

        return timings;
    }
}
