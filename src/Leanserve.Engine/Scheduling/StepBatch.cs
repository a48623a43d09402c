using System.Diagnostics.CodeAnalysis;

namespace Leanserve.Engine.Scheduling;

/// <summary>The tokens of the next forward pass and their paths, in buffers that are reused from step to step.</summary>
internal sealed class StepBatch
{
    private readonly List<PlannedRun> _runs = [];
    private long[] _tokens = new long[64];
    private long[] _positions = new long[64];
    private long[] _logitRows = new long[64];
    private ReadOnlyMemory<int>[] _paths = [];
    private int _logits;

    public IReadOnlyList<PlannedRun> Runs => _runs;

    /// <summary>S: tokens planned.</summary>
    public int Count { get; private set; }

    /// <summary>Of these, tokens of answers.</summary>
    public int DecodeTokens { get; set; }

    public void Clear()
    {
        _runs.Clear();
        Count = 0;
        _logits = 0;
    }

    public ReadOnlySpan<long> TokensOf(PlannedRun run) => _tokens.AsSpan(run.FirstRow, run.Count);

    /// <summary>Plans consecutive tokens of a branch, with logits after the last <paramref name="logits"/> of them.</summary>
    public void Add(ActiveRequest request, Branch branch, ReadOnlySpan<int> tokens, int position, int logits)
    {
        Grow(ref _tokens, Count + tokens.Length);
        Grow(ref _positions, Count + tokens.Length);
        Grow(ref _logitRows, _logits + logits + 1);
        for (int i = 0; i < tokens.Length; i++)
        {
            _tokens[Count + i] = tokens[i];
            _positions[Count + i] = position + i;
        }

        _runs.Add(new PlannedRun(request, branch, Count, tokens.Length, _logits, logits));
        Count += tokens.Length;
        for (int row = Count - logits; row < Count; row++)
        {
            _logitRows[_logits++] = row;
        }
    }

    /// <summary>The step over <paramref name="usedSlots"/> slots.</summary>
    public ModelStep Build(int usedSlots)
    {
        // The model's output head needs a row even where only keys and values are wanted.
        if (_logits == 0)
        {
            _logitRows[_logits++] = Count - 1;
        }

        Grow(ref _paths, Count);
        foreach (var run in _runs)
        {
            for (int i = 0; i < run.Count; i++)
            {
                _paths[run.FirstRow + i] = run.Branch.Path.Extended(i, usedSlots + run.FirstRow);
            }
        }

        return new ModelStep
        {
            TokenIds = _tokens.AsMemory(0, Count),
            Positions = _positions.AsMemory(0, Count),
            UsedSlots = usedSlots,
            Paths = _paths.AsMemory(0, Count),
            LogitRows = _logitRows.AsMemory(0, _logits),
        };
    }

    private static void Grow<T>([NotNull] ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            Array.Resize(ref buffer, Math.Max(length, 2 * buffer.Length));
        }
    }
}
