namespace Leanserve.Engine.Grammars;

/// <summary>A place in a rule: what may come next there. Reads a byte, calls a rule, goes one of several ways, or ends its rule.</summary>
internal sealed class GrammarNode
{
    public const int Unsatisfiable = int.MaxValue;

    /// <summary>Bytes that lead to <see cref="Next"/>; for a node that reads one.</summary>
    public ByteSet Bytes { get; init; }

    /// <summary>The rule to go through before <see cref="Next"/>; for a node that calls one.</summary>
    public GrammarRule? Call { get; init; }

    /// <summary>The place after the byte or the call.</summary>
    public GrammarNode? Next { get; init; }

    /// <summary>Ways to go on without reading anything.</summary>
    public IReadOnlyList<GrammarNode> Ways { get; init; } = [];

    public bool ReadsByte => Call is null && Next is not null;

    public bool EndsRule => Next is null && Ways.Count == 0;

    /// <summary>Levels of rules that the shortest way to the rule's end still enters; <see cref="Unsatisfiable"/> where no way leads there.</summary>
    public int Levels { get; set; } = Unsatisfiable;

    /// <summary>Levels as they follow from those of what comes next.</summary>
    public int ComputeLevels()
    {
        if (EndsRule)
        {
            return 0;
        }

        if (Ways.Count > 0)
        {
            return Ways.Min(way => way.Levels);
        }

        if (Call is null)
        {
            return Bytes.IsEmpty ? Unsatisfiable : Next!.Levels;
        }

        int called = Call.Start.Levels;
        return called == Unsatisfiable ? Unsatisfiable : Math.Max(called + 1, Next!.Levels);
    }
}
