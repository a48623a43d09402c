using Leanserve.Engine;

namespace Leanserve.Benchmarks.Engine;

/// <summary>Steps of several streams over one prefix, which lies in the buffer once (a tree) or once for each stream (separate rows).</summary>
internal sealed class RowLayout(int streams, bool isShared)
{
    /// <summary>Slots before the step.</summary>
    public int UsedSlots => BenchmarkModel.PrefixTokens * (isShared ? 1 : streams);

    /// <summary>Computes the prefix, and copies it for the other rows.</summary>
    public void Fill(IModelRunner runner)
    {
        const int Chunk = 256;
        for (int start = 0; start < BenchmarkModel.PrefixTokens; start += Chunk)
        {
            runner.Run(Prompt(start, Chunk));
        }

        for (int row = 1; !isShared && row < streams; row++)
        {
            runner.MoveSlots([.. Enumerable.Range(0, BenchmarkModel.PrefixTokens).Select(slot => new SlotMove(slot, slot + (row * BenchmarkModel.PrefixTokens)))]);
        }
    }

    /// <summary>A part of the prefix, after what precedes it.</summary>
    public static ModelStep Prompt(int start, int count)
    {
        int[] path = [.. Enumerable.Range(0, start + count)];
        return new ModelStep
        {
            TokenIds = BenchmarkModel.Prefix.Skip(start).Take(count).Select(token => (long)token).ToArray(),
            Positions = Enumerable.Range(start, count).Select(position => (long)position).ToArray(),
            UsedSlots = start,
            Paths = Enumerable.Range(start + 1, count).Select(length => (ReadOnlyMemory<int>)path.AsMemory(0, length)).ToArray(),
            LogitRows = new long[] { count - 1 },
        };
    }

    /// <summary>The first token of each of some streams, on an empty cache.</summary>
    public static ModelStep Start(int streams) => new()
    {
        TokenIds = Enumerable.Range(1, streams).Select(token => (long)token).ToArray(),
        Positions = new long[streams],
        UsedSlots = 0,
        Paths = Enumerable.Range(0, streams).Select(row => (ReadOnlyMemory<int>)new[] { row }).ToArray(),
        LogitRows = Enumerable.Range(0, streams).Select(row => (long)row).ToArray(),
    };

    /// <summary>One token of each stream.</summary>
    public ModelStep Decode() => Decode(UsedSlots);

    /// <summary>One token of each stream in a buffer that holds more than this layout.</summary>
    public ModelStep Decode(int usedSlots) => new()
    {
        TokenIds = Enumerable.Range(1, streams).Select(token => (long)token).ToArray(),
        Positions = Enumerable.Repeat((long)BenchmarkModel.PrefixTokens, streams).ToArray(),
        UsedSlots = usedSlots,
        Paths = Enumerable.Range(0, streams).Select(stream => Path(stream, usedSlots)).ToArray(),
        LogitRows = Enumerable.Range(0, streams).Select(row => (long)row).ToArray(),
    };

    private ReadOnlyMemory<int> Path(int stream, int usedSlots)
    {
        int first = isShared ? 0 : stream * BenchmarkModel.PrefixTokens;
        return (int[])[.. Enumerable.Range(first, BenchmarkModel.PrefixTokens), usedSlots + stream];
    }
}
