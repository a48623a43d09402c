using System.Runtime.CompilerServices;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx;

namespace Leanserve.Benchmarks.Engine;

/// <summary>Beam search in the tree against the forward passes alone of batch beam search, whose copies of rows are not even counted.</summary>
internal sealed class BeamSearchBenchmark : IBenchmark
{
    private const int Tokens = 32;
    private const int Turns = 9;

    /// <inheritdoc/>
    public string Name => "engine-beam-search";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (int width in new[] { 4, 8 })
        {
            double tree = await TreeMillisecondsPerTokenAsync(width, cancellationToken);
            double batch = BatchMillisecondsPerToken(width);
            yield return new Figure(
                $"beam search of width {width} after {ModelA.PrefixTokens} tokens", tree, "ms a token", batch, batch / tree, Hardware.Describe());
            double treeSlots = ModelA.PrefixTokens + (width * Tokens);
            double batchSlots = width * (ModelA.PrefixTokens + Tokens);
            yield return new Figure($"beam search of width {width}: KV slots at most", treeSlots, "slots", batchSlots, batchSlots / treeSlots, Hardware.Describe());
        }
    }

    private static async Task<double> TreeMillisecondsPerTokenAsync(int width, CancellationToken cancellationToken)
    {
        await using var engine = ModelA.Engine(WeightPrecision.Float32, 4096, concurrent: 1);
        var request = ModelA.Request(1, Tokens) with { Beam = new BeamSearchOptions { Width = width } };
        List<double> perToken = [];
        for (int i = 0; i < 4; i++)
        {
            await foreach (var generationEvent in engine.GenerateAsync(request, cancellationToken))
            {
                if (generationEvent is GenerationFinished finished)
                {
                    perToken.Add(finished.Timings.PerToken.TotalMilliseconds);
                }
            }
        }

        return Median.Of(perToken.Skip(1));
    }

    private static double BatchMillisecondsPerToken(int width)
    {
        var rows = new RowLayout(width, isShared: false);
        using var runner = ModelA.Open(WeightPrecision.Float32)
            .CreateRunner(new OnnxRunnerOptions { KvSlots = rows.UsedSlots + width, Threads = Hardware.Threads });
        rows.Fill(runner);
        var step = rows.Decode();
        return Median.OfTurns(Turns, () => runner.Run(step), () => { }).First;
    }
}
