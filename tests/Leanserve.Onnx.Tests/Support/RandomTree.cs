using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>A tree of random tokens grown step by step in one buffer; node n lies in slot n unless swapped.</summary>
internal sealed class RandomTree(Random random)
{
    private readonly List<(int Parent, int Token, int Slot)> _nodes = [];

    private int Used => _nodes.Count;

    /// <summary>Adds nodes below random earlier ones, those of the same step included; returns each one's path and logits.</summary>
    public IReadOnlyList<(int[] Path, float[] Logits)> Grow(IModelRunner runner, int count)
    {
        int first = Used;
        for (int i = 0; i < count; i++)
        {
            _nodes.Add((random.Next(-1, Used), random.Next(TinyModel.VocabularySize), Used));
        }

        float[] logits = Run(runner, first, _nodes.Skip(first).ToList(), Enumerable.Range(first, count).Select(Ancestors).ToList());
        int vocabulary = TinyModel.VocabularySize;
        return [.. Enumerable.Range(0, count).Select(i => (Path(first + i), logits[(i * vocabulary)..((i + 1) * vocabulary)]))];
    }

    /// <summary>Grows for some steps; the largest difference of any logit from that of its path run alone.</summary>
    /// <param name="runner">Of the tree.</param>
    /// <param name="linear">Of the paths.</param>
    public double LargestDifference(IModelRunner runner, IModelRunner linear)
    {
        double largest = 0;
        for (int step = 0; step < 6; step++)
        {
            foreach ((int[] path, float[] logits) in Grow(runner, random.Next(1, 9)))
            {
                float[] expected = LinearDecoder.Logits(linear, path);
                largest = Math.Max(largest, expected.Zip(logits).Max(pair => Math.Abs(pair.First - pair.Second)));
            }
        }

        return largest;
    }

    /// <summary>Logits of one more token below a node, without keeping it.</summary>
    public float[] Query(IModelRunner runner, int node, int token)
    {
        int[] ancestors = [.. Ancestors(node), Used];
        return Run(runner, Used, [(node, token, Used)], [ancestors]);
    }

    /// <summary>Moves slots of ten nodes around: one out, another into its place, the first into the other's.</summary>
    public void Shuffle(IModelRunner runner)
    {
        Swap(runner, from: 3, to: 40);
        Swap(runner, from: 9, to: 3);
        Swap(runner, from: 40, to: 9);
    }

    /// <summary>Copies keys and values of ten nodes to another runner, out of order.</summary>
    public static void Copy(IModelRunner runner, IModelRunner other)
    {
        int[] slots = [9, 0, 4, 3, 2, 1, 5, 8, 7, 6];
        var rows = new byte[slots.Length * runner.SlotBytes];
        runner.ReadSlots(slots, rows);
        other.WriteSlots(slots, rows);
    }

    private void Swap(IModelRunner runner, int from, int to)
    {
        runner.MoveSlots([new SlotMove(from, to)]);
        int node = _nodes.FindIndex(each => each.Slot == from);
        _nodes[node] = _nodes[node] with { Slot = to };
    }

    private float[] Run(IModelRunner runner, int used, List<(int Parent, int Token, int Slot)> added, List<int[]> visible)
    {
        return runner.Run(new ModelStep
        {
            TokenIds = added.Select(node => (long)node.Token).ToArray(),
            Positions = added.Select(node => node.Parent < 0 ? 0L : Path(node.Parent).Length).ToArray(),
            UsedSlots = used,
            Paths = visible.Select(slots => (ReadOnlyMemory<int>)slots).ToArray(),
            LogitRows = Enumerable.Range(0, added.Count).Select(row => (long)row).ToArray(),
        }).ToArray();
    }

    private int[] Ancestors(int node)
    {
        List<int> slots = [];
        for (int at = node; at >= 0; at = _nodes[at].Parent)
        {
            slots.Add(_nodes[at].Slot);
        }

        slots.Reverse();
        return [.. slots];
    }

    private int[] Path(int node)
    {
        List<int> tokens = [];
        for (int at = node; at >= 0; at = _nodes[at].Parent)
        {
            tokens.Add(_nodes[at].Token);
        }

        tokens.Reverse();
        return [.. tokens];
    }
}
