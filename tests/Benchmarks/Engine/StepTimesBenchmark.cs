using System.Runtime.CompilerServices;
using Leanserve.Engine;

namespace Leanserve.Benchmarks.Engine;

/// <summary>
/// Milliseconds of single steps of the model and of variants of it: what an engine profile is made of. The steps are next tokens of several streams on
/// an empty cache and on a shared prefix, and parts of a prompt at its start and at its end.
/// </summary>
internal sealed class StepTimesBenchmark : IBenchmark
{
    private const int Turns = 15;
    private static readonly int[] Streams = [1, 2, 4, 8, 16, 32];
    private static readonly int[] Prompts = [64, 256, 512, 1024];

    /// <inheritdoc/>
    public string Name => "engine-step-times";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var precision in BenchmarkModel.Precisions)
        {
            foreach ((string variant, var folder) in BenchmarkModel.Variants(precision))
            {
                using var runner = folder.CreateRunner(BenchmarkModel.Options(BenchmarkModel.PrefixTokens + Prompts.Max()));
                new RowLayout(1, isShared: true).Fill(runner);
                foreach ((string name, var step) in Steps())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    double milliseconds = Median.OfTurns(Turns, () => runner.Run(step), () => { }).First;
                    yield return new Figure($"{precision}, {variant}: {name}", milliseconds, "ms", null, null, Hardware.Describe());
                }
            }
        }
    }

    private static IEnumerable<(string Name, ModelStep Step)> Steps()
    {
        foreach (int streams in Streams)
        {
            yield return ($"{streams} next tokens, nothing cached", RowLayout.Start(streams));
        }

        foreach (int tokens in Prompts)
        {
            yield return ($"{tokens} prompt tokens, nothing cached", RowLayout.Prompt(0, tokens));
        }

        // The prefix was overwritten at its start, by numbers that take as long.
        foreach (int streams in Streams)
        {
            yield return ($"{streams} next tokens, {BenchmarkModel.PrefixTokens} cached", new RowLayout(streams, isShared: true).Decode());
        }

        foreach (int tokens in Prompts)
        {
            yield return ($"{tokens} prompt tokens, {BenchmarkModel.PrefixTokens - tokens} cached", RowLayout.Prompt(BenchmarkModel.PrefixTokens - tokens, tokens));
        }
    }
}
