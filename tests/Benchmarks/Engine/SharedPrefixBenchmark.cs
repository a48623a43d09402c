using System.Runtime.CompilerServices;
using Leanserve.Contracts;
using Leanserve.Onnx;

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
        foreach (var precision in new[] { WeightPrecision.Float32, WeightPrecision.Int4 })
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
        var folder = ModelA.Open(precision);
        // One session for both: a second one's idle threads would spin on the cores that the first one measures.
        using var runner = folder.CreateRunner(Options(rows.UsedSlots + streams));
        rows.Fill(runner);
        var treeStep = tree.Decode(rows.UsedSlots);
        var rowStep = rows.Decode();
        (double treeMs, double rowMs) = Median.OfTurns(Turns, () => runner.Run(treeStep), () => runner.Run(rowStep));
        string name = $"decode, {streams} streams on {ModelA.PrefixTokens} shared tokens, {precision}";
        yield return new Figure($"{name}: throughput", streams * 1000 / treeMs, "tokens/s", streams * 1000 / rowMs, rowMs / treeMs, Hardware.Describe());
        double treeMegabytes = Megabytes(folder.Geometry, tree.UsedSlots + streams);
        double rowMegabytes = Megabytes(folder.Geometry, rows.UsedSlots + streams);
        yield return new Figure($"{name}: KV memory", treeMegabytes, "MB", rowMegabytes, rowMegabytes / treeMegabytes, Hardware.Describe());
    }

    private static double Megabytes(ModelGeometry geometry, int slots) => KvCacheMemory.BufferBytes(geometry, sizeof(float), slots) / 1e6;

    private static OnnxRunnerOptions Options(int slots) => new() { KvSlots = slots, Threads = Hardware.Threads };
}
