using Leanserve.Engine;

namespace Leanserve.Onnx.Execution;

/// <summary>Moves that can be done as one copy.</summary>
internal static class SlotRun
{
    /// <summary>How many moves from the first on are of neighbouring slots, none of which is both read and written.</summary>
    public static int Length(ReadOnlySpan<SlotMove> moves)
    {
        var first = moves[0];
        int most = Math.Min(moves.Length, Math.Max(1, Math.Abs(first.To - first.From)));
        int count = 1;
        while (count < most && moves[count].From == first.From + count && moves[count].To == first.To + count)
        {
            count++;
        }

        return count;
    }
}
