using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>One live path through the tree: a prompt being computed, an answer being sampled, or a hypothesis of a beam search.</summary>
internal sealed class Branch(TrieNode leaf, MaskRow row)
{
    public TrieNode Leaf { get; set; } = leaf;

    public MaskRow Row { get; } = row;

    /// <summary>Tokens of the path that <see cref="Row"/> sees already.</summary>
    public int SeenTokens { get; set; }

    /// <summary>The token drawn last, to be computed in the next step.</summary>
    public int PendingToken { get; set; }

    /// <summary>Index of the choice that this branch writes, or of the hypothesis.</summary>
    public int Choice { get; init; }
}
