using Leanserve.Engine.Scheduling;
using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Tests.Support;

/// <summary>Random branches over a buffer in which each slot holds the path of the token that was put there.</summary>
internal sealed class TrieTraffic(Random random, bool reuse)
{
    private const int Capacity = 160;
    private const int Alphabet = 3;

    private readonly SlotMemory _memory = new(Capacity);
    private readonly List<Branch> _branches = [];
    private BranchSet? _set;

    public TokenTrie Trie { get; } = new(new SlotTable(Capacity), reuse);

    private BranchSet Set => _set ??= new BranchSet(Trie);

    public void Step()
    {
        switch (random.Next(8))
        {
            case 0 or 1:
                Open([.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => random.Next(Alphabet))]);
                break;
            case 2 when _branches.Count > 0:
                var forked = Any();
                _branches.Add(Set.Fork(forked, 0, 0));
                break;
            case 3 when _branches.Count > 0:
                var closed = Any();
                _branches.Remove(closed);
                Set.Close(closed);
                break;
            default:
                Extend();
                break;
        }
    }

    public void EndAll()
    {
        _branches.ForEach(Set.Close);
        _branches.Clear();
    }

    public void Check()
    {
        Trie.Slots.Flush(_memory);
        foreach (var branch in _branches)
        {
            List<TrieNode> path = [];
            TokenTrie.CollectPath(branch.Leaf, path);
            string text = string.Empty;
            HashSet<int> seen = [];
            foreach (var node in path)
            {
                Assert.Equal(text.Length, node.Depth);
                Assert.Equal(node.Tokens.Count, node.Slots.Count);
                foreach ((int token, int slot) in node.Tokens.Zip(node.Slots))
                {
                    text += token;
                    Assert.Equal(text, _memory[slot]);
                    Assert.True(seen.Add(slot));
                }
            }

            Assert.Equal(path.SelectMany(node => node.Slots), branch.Path.Entered.ToArray());
            Assert.All(seen, slot => Assert.InRange(slot, 0, Trie.Slots.Active - 1));
        }
    }

    private void Open(int[] prompt)
    {
        Trie.EnsureFree(1);
        var match = Trie.Match(prompt.AsSpan(0, prompt.Length - 1));
        if (Trie.ReferencedTokens + prompt.Length - match.KeptTokens > Capacity - 1)
        {
            return;
        }

        var branch = Set.Open(Trie.Insert(match, prompt.AsSpan(match.Tokens)));
        Trie.MakeRoom(prompt.Length - match.Tokens);
        Trie.Slots.Flush(_memory);
        for (int i = match.Tokens; i < prompt.Length; i++)
        {
            _memory[Trie.Slots.Active + i - match.Tokens] = string.Concat(prompt.Take(i + 1));
        }

        Set.AppendPrompt(branch, prompt.Length - match.Tokens, Trie.Slots);
        _branches.Add(branch);
    }

    /// <summary>A token and up to four drafted ones, of which the last few are taken back.</summary>
    private void Extend()
    {
        int drafted = random.Next(5);
        if (_branches.Count == 0 || Trie.ReferencedTokens + 1 + drafted > Capacity - 1)
        {
            return;
        }

        var branch = Any();
        long[] tokens = [.. Enumerable.Range(0, 1 + drafted).Select(_ => random.Next(Alphabet))];
        Trie.MakeRoom(tokens.Length);
        Trie.Slots.Flush(_memory);
        List<TrieNode> path = [];
        TokenTrie.CollectPath(branch.Leaf, path);
        string text = string.Concat(path.SelectMany(node => node.Tokens));
        for (int i = 0; i < tokens.Length; i++)
        {
            text += tokens[i];
            _memory[Trie.Slots.Active + i] = text;
        }

        Set.AppendDecoded(branch, tokens, isScratch: false);
        Set.RemoveLast(branch, random.Next(1 + drafted));
    }

    private Branch Any() => _branches[random.Next(_branches.Count)];
}
