using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>Prefixes that stay on the tree under a name until they are replaced or unloaded, and the copying of their keys and values.</summary>
internal sealed class PreloadedPrefixes(IModelRunner runner, TokenTrie trie, BranchSet branches)
{
    private readonly Dictionary<string, TrieNode> _leaves = new(StringComparer.Ordinal);

    /// <summary>Keeps a computed prefix; one of the same name gives way.</summary>
    public void Pin(string name, TrieNode leaf)
    {
        trie.Pin(leaf);
        Unload(name);
        _leaves[name] = leaf;
    }

    /// <returns>Whether there was one of that name.</returns>
    public bool Unload(string name)
    {
        if (!_leaves.Remove(name, out var leaf))
        {
            return false;
        }

        trie.Unpin(leaf);
        return true;
    }

    /// <summary>See <see cref="InferenceEngine.ReadPreloadedAsync"/>.</summary>
    public int Read(string name, int first, Span<byte> rows)
    {
        if (!_leaves.TryGetValue(name, out var leaf))
        {
            return 0;
        }

        List<TrieNode> path = [];
        TokenTrie.CollectPath(leaf, path);
        int[] slots = [.. path.SelectMany(node => node.Slots).Skip(first).Take(rows.Length / runner.SlotBytes)];
        trie.Slots.Flush(runner);
        runner.ReadSlots(slots, rows[..(slots.Length * runner.SlotBytes)]);
        return slots.Length;
    }

    /// <summary>Copies the next chunk of a preload whose keys and values exist already; does nothing for others.</summary>
    /// <param name="preload">The preload.</param>
    /// <param name="most">Tokens of a chunk.</param>
    public void Restore(PreloadRun preload, int most)
    {
        if (preload is not { Rows: { } rows, Prefilling: { } branch })
        {
            return;
        }

        branches.CatchUp(branch);
        int first = branch.Path.Count;
        int count = Math.Min(most, preload.PromptTokens.Count - first);
        if (count > 0)
        {
            trie.MakeRoom(count);
            trie.Slots.Flush(runner);
            branches.AppendPrompt(branch, count, trie.Slots);
            runner.WriteSlots(branch.Path.Entered.Slice(first, count), rows(first, count));
        }
    }
}
