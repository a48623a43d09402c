namespace Leanserve.Engine.Grammars;

/// <summary>Where a text stands in a grammar: all ways in which what was read so far can go on. Equal states are one object.</summary>
internal sealed class GrammarState(IReadOnlyList<GrammarStack> stacks, bool isComplete)
{
    private readonly Dictionary<byte, GrammarState?> _next = [];

    /// <summary>Ways on, each of which reads a byte next.</summary>
    public IReadOnlyList<GrammarStack> Stacks => stacks;

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete => isComplete;

    /// <summary>Whether the text cannot go on here.</summary>
    public bool IsFinal => stacks.Count == 0;

    /// <summary>Where each byte tried so far leads; null for nowhere.</summary>
    public Dictionary<byte, GrammarState?> Next => _next;

    /// <summary>Tokens that may follow, once they have been asked for.</summary>
    public TokenMask? Mask { get; set; }
}
