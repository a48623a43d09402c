using System.Runtime.CompilerServices;
using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Benchmarks.Engine;

/// <summary>
/// Beam search in the tree against batch beam search as Hugging Face's transformers and the trie paper's baseline do it: the prompt's keys and values once for
/// each beam, and after every step all rows gathered into a second buffer in the order of their new parents. Its scoring is not counted, and its rows are
/// those of the first step, when they are shortest; both runs use the same kernels.
/// </summary>
internal sealed class BeamSearchBenchmark : IBenchmark
{
    private const int Tokens = 32;
    private const int Turns = 9;

    /// <inheritdoc/>
    public string Name => "engine-beam-search";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var precision in BenchmarkModel.Precisions)
        {
            foreach (int width in new[] { 4, 8 })
            {
                string name = $"beam search of width {width} after {BenchmarkModel.PrefixTokens} tokens, {precision}";
                double tree = await TreeMillisecondsPerTokenAsync(precision, width, cancellationToken);
                (double forward, double copy) = BatchMillisecondsPerToken(precision, width);
                double batch = forward + copy;
                yield return new Figure(name, tree, "ms a token", batch, batch / tree, Hardware.Describe());
                yield return new Figure($"{name}, against the forward pass alone", tree, "ms a token", forward, forward / tree, Hardware.Describe());
                double treeSlots = BenchmarkModel.PrefixTokens + (width * Tokens);
                double batchSlots = width * (BenchmarkModel.PrefixTokens + Tokens);
                yield return new Figure($"{name}: KV slots at most", treeSlots, "slots", batchSlots, batchSlots / treeSlots, Hardware.Describe());
            }
        }
    }

    private static async Task<double> TreeMillisecondsPerTokenAsync(WeightPrecision precision, int width, CancellationToken cancellationToken)
    {
        await using var engine = BenchmarkModel.Engine(precision, 4096, concurrent: 1);
        var request = BenchmarkModel.Request(1, Tokens) with { Beam = new BeamSearchOptions { Width = width } };
        List<double> perToken = [];
        for (int i = 0; i < Turns; i++)
        {
            await foreach (var generationEvent in engine.GenerateAsync(request, cancellationToken))
            {
                if (generationEvent is GenerationFinished finished)
                {
                    perToken.Add(finished.Timings.PerToken.TotalMilliseconds);
                }
            }
        }

        return Median.Of(perToken.Skip(2));
    }

    /// <summary>Milliseconds of a step's forward pass, and of the gathering of rows.</summary>
    private static (double Forward, double Copy) BatchMillisecondsPerToken(WeightPrecision precision, int width)
    {
        var rows = new RowLayout(width, isShared: false);
        using var runner = BenchmarkModel.Open(precision).CreateRunner(BenchmarkModel.Options((2 * rows.UsedSlots) + width));
        rows.Fill(runner);
        var step = rows.Decode();

        // Every beam continues another's row; which one makes no difference to what is copied.
        SlotMove[] gather = [.. Enumerable.Range(0, rows.UsedSlots).Select(slot => new SlotMove(slot, rows.UsedSlots + width + ((slot + BenchmarkModel.PrefixTokens) % rows.UsedSlots)))];
        return Median.OfTurns(3 * Turns, () => runner.Run(step), () => runner.MoveSlots(gather));
    }
}
