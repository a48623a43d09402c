using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>One live path through the tree: a prompt being computed, an answer being sampled, or a hypothesis of a beam search.</summary>
internal sealed class Branch(TrieNode leaf, PathSlots path)
{
    public TrieNode Leaf { get; set; } = leaf;

    /// <summary>Slots of the path's tokens that are computed, as far as this branch has taken note of them.</summary>
    public PathSlots Path { get; } = path;

    /// <summary>The token drawn last, to be computed in the next step.</summary>
    public int PendingToken { get; set; }

    /// <summary>Index of the choice that this branch writes, or of the hypothesis.</summary>
    public int Choice { get; init; }
}
