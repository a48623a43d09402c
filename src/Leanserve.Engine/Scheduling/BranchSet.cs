using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>Opens, forks, extends and closes branches on the tree.</summary>
internal sealed class BranchSet(TokenTrie trie)
{
    private readonly List<TrieNode> _path = [];

    /// <summary>A branch on a leaf that is referenced for it already.</summary>
    public Branch Open(TrieNode leaf) => new(leaf, trie.Slots.OpenPath());

    /// <summary>A second branch on the same path, which computes another token next.</summary>
    public Branch Fork(Branch branch, int choice, int pendingToken)
    {
        trie.AddReference(branch.Leaf);
        return new Branch(branch.Leaf, trie.Slots.Copy(branch.Path))
        {
            PendingToken = pendingToken,
            Choice = choice,
        };
    }

    /// <summary>Ends a branch; its slots are kept or freed as the tree sees fit.</summary>
    public void Close(Branch branch)
    {
        trie.Slots.Close(branch.Path);
        trie.RemoveReference(branch.Leaf);
    }

    /// <summary>Lets the branch take note of whatever of its path has been computed, by itself or by another branch.</summary>
    public void CatchUp(Branch branch)
    {
        TokenTrie.CollectPath(branch.Leaf, _path);
        foreach (var node in _path)
        {
            for (int index = Math.Max(0, branch.Path.Count - node.Depth); index < node.Slots.Count; index++)
            {
                branch.Path.Append(node.Slots[index]);
            }
        }
    }

    /// <summary>Whether the whole path to a leaf has its keys and values.</summary>
    public bool IsComputed(TrieNode leaf)
    {
        TokenTrie.CollectPath(leaf, _path);
        return _path.TrueForAll(node => node.IsComputed);
    }

    /// <summary>Enters prompt tokens, whose slots the last step has written, into the tree.</summary>
    public void AppendPrompt(Branch branch, int count, SlotTable slots)
    {
        TokenTrie.CollectPath(branch.Leaf, _path);
        foreach (var node in _path)
        {
            for (; count > 0 && !node.IsComputed; count--)
            {
                slots.Append(node);
            }
        }

        CatchUp(branch);
    }

    /// <summary>Enters the branch's pending token and what was drafted after it, whose slots the last step has written, into the tree.</summary>
    public void AppendDecoded(Branch branch, ReadOnlySpan<long> tokens, bool isScratch)
    {
        var leaf = branch.Leaf;
        bool isOwn = leaf is { References: 1, Children.Count: 0, Pins: 0 } && leaf.IsScratch == isScratch;
        if (!isOwn)
        {
            var child = trie.AddChild(leaf, isScratch);
            trie.AddReference(child);
            trie.RemoveReference(leaf);
            branch.Leaf = child;
        }

        foreach (long token in tokens)
        {
            branch.Path.Append(trie.AppendComputed(branch.Leaf, (int)token));
        }
    }

    /// <summary>Takes drafted tokens back that were not drawn.</summary>
    public void RemoveLast(Branch branch, int count)
    {
        branch.Path.RemoveLast(count);
        trie.RemoveLast(branch.Leaf, count);
    }
}
