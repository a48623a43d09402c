using System.Runtime.CompilerServices;
using Leanserve.Engine;
using Leanserve.Onnx;

namespace Leanserve.Benchmarks.Engine;

/// <summary>One stream's decoding and prefill: our own operators against ONNX Runtime's.</summary>
internal sealed class StepBenchmark : IBenchmark
{
    private const int PromptTokens = 512;
    private const int ShortTokens = 32;
    private const int Turns = 9;
    private const int Steps = 300;

    /// <inheritdoc/>
    public string Name => "engine-step";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var precision in BenchmarkModel.Precisions)
        {
            var folder = BenchmarkModel.Open(precision);
            var options = BenchmarkModel.Options(2 * PromptTokens);
            var ours = Measure(folder, options);
            var theirs = Measure(folder, options with { UseModelAttention = true });
            yield return Throughput($"prefill of {PromptTokens} tokens, {precision}", PromptTokens, ours.Prefill, theirs.Prefill);
            yield return Throughput($"decode, one stream after {ShortTokens} tokens, {precision}", 1, ours.Short, theirs.Short);
            yield return Throughput($"decode, one stream after {PromptTokens} tokens, {precision}", 1, ours.Long, theirs.Long);
        }
    }

    /// <summary>
    /// Milliseconds of a prefill and of decode steps after few tokens and many. One session at a time: a second one's idle threads would spin on the cores
    /// that are measured.
    /// </summary>
    private static (double Prefill, double Short, double Long) Measure(ModelFolder folder, OnnxRunnerOptions options)
    {
        using var runner = folder.CreateRunner(options);
        var prefill = Step(0, PromptTokens);
        var (early, late) = (Step(ShortTokens, 1), Step(PromptTokens, 1));
        return (
            Median.OfTurns(Turns, () => runner.Run(prefill), () => { }).First,
            Median.OfTurns(Steps, () => runner.Run(early), () => { }).First,
            Median.OfTurns(Steps, () => runner.Run(late), () => { }).First);
    }

    private static Figure Throughput(string name, int tokens, double milliseconds, double baseline) => new(
        $"{name}, against ONNX Runtime's operators", tokens * 1000 / milliseconds, "tokens/s", tokens * 1000 / baseline, baseline / milliseconds, Hardware.Describe());

    private static ModelStep Step(int used, int count)
    {
        int[] path = [.. Enumerable.Range(0, used + count)];
        return new ModelStep
        {
            TokenIds = BenchmarkModel.Prefix.Skip(used).Take(count).Select(token => (long)token).ToArray(),
            Positions = Enumerable.Range(used, count).Select(position => (long)position).ToArray(),
            UsedSlots = used,
            Paths = Enumerable.Range(used + 1, count).Select(length => (ReadOnlyMemory<int>)path.AsMemory(0, length)).ToArray(),
            LogitRows = new long[] { count - 1 },
        };
    }
}
