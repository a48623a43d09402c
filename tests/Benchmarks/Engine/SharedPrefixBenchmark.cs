using System.Runtime.CompilerServices;
using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Benchmarks.Engine;

/// <summary>Decoding over a shared prefix: the tree against separate KV rows, which is also what batch beam search decodes over.</summary>
internal sealed class SharedPrefixBenchmark : IBenchmark
{
    private const int Turns = 9;

    /// <inheritdoc/>
    public string Name => "engine-shared-prefix";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var precision in BenchmarkModel.Precisions)
        {
            foreach (int streams in new[] { 4, 8, 16 })
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var figure in Compare(precision, streams))
                {
                    yield return figure;
                }
            }
        }
    }

    private static IEnumerable<Figure> Compare(WeightPrecision precision, int streams)
    {
        var tree = new RowLayout(streams, isShared: true);
        var rows = new RowLayout(streams, isShared: false);
        var folder = BenchmarkModel.Open(precision);
        // One session for both: a second one's idle threads would spin on the cores that the first one measures.
        using var runner = folder.CreateRunner(BenchmarkModel.Options(rows.UsedSlots + streams));
        rows.Fill(runner);
        var treeStep = tree.Decode(rows.UsedSlots);
        var rowStep = rows.Decode();
        (double treeMs, double rowMs) = Median.OfTurns(Turns, () => runner.Run(treeStep), () => runner.Run(rowStep));
        string name = $"decode, {streams} streams on {BenchmarkModel.PrefixTokens} shared tokens, {precision}";
        yield return new Figure($"{name}: throughput", streams * 1000 / treeMs, "tokens/s", streams * 1000 / rowMs, rowMs / treeMs, Hardware.Describe());
        double treeMegabytes = Megabytes(runner, tree.UsedSlots + streams);
        double rowMegabytes = Megabytes(runner, rows.UsedSlots + streams);
        yield return new Figure($"{name}: KV memory", treeMegabytes, "MB", rowMegabytes, rowMegabytes / treeMegabytes, Hardware.Describe());
    }

    private static double Megabytes(IModelRunner runner, int slots) => (double)runner.SlotBytes * slots / 1e6;
}
