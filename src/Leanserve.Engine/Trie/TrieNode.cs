namespace Leanserve.Engine.Trie;

/// <summary>A run of tokens in the prefix tree, and the slots of those already computed.</summary>
internal sealed class TrieNode
{
    public TrieNode(TrieNode? parent, int depth)
    {
        Parent = parent;
        Depth = depth;
    }

    public TrieNode? Parent { get; set; }

    /// <summary>Siblings may start with the same token, as two answers to one prompt do.</summary>
    public List<TrieNode> Children { get; } = [];

    public List<int> Tokens { get; } = [];

    /// <summary>Slot of each computed token; the first ones of <see cref="Tokens"/>.</summary>
    public List<int> Slots { get; } = [];

    /// <summary>Position of the first token.</summary>
    public int Depth { get; set; }

    /// <summary>Branches that end here, and children on the path of some branch.</summary>
    public int References { get; set; }

    /// <summary>Preloaded prefixes whose path leads through here.</summary>
    public int Pins { get; set; }

    /// <summary>Hypothesis of a search: freed as soon as no branch needs it.</summary>
    public bool IsScratch { get; init; }

    /// <summary>Slots lie outside the part of the buffer that steps read.</summary>
    public bool IsParked { get; set; }

    /// <summary>Step at which the last branch left; the smallest is evicted first.</summary>
    public long LastUsed { get; set; }

    public int End => Depth + Tokens.Count;

    public bool IsComputed => Slots.Count == Tokens.Count;
}
