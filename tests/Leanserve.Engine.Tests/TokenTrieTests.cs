using CsCheck;
using Leanserve.Engine.Tests.Support;
using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Tests;

public sealed class TokenTrieTests
{
    [Fact]
    public void Trie_AnyTraffic_KeepsEverySlotWithItsToken() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Bool).Sample((seed, reuse) =>
        {
            var traffic = new TrieTraffic(new Random(seed), reuse);
            for (int i = 0; i < 60; i++)
            {
                traffic.Step();
                traffic.Check();
            }

            traffic.EndAll();
            Assert.Equal(reuse ? traffic.Trie.CachedSlots : 0, traffic.Trie.Slots.Active + traffic.Trie.Slots.Parked);
            Assert.Equal(0, traffic.Trie.ReferencedTokens);
        });

    [Fact]
    public void Match_PrefixInTheMiddleOfARun_SplitsItOnInsert()
    {
        var trie = new TokenTrie(new SlotTable(16), reusePrefixes: true);
        var first = trie.Insert(trie.Match([1, 2, 3, 4]), [1, 2, 3, 4]);
        var match = trie.Match([1, 2, 9]);
        Assert.Equal(2, match.Tokens);
        var second = trie.Insert(match, [9]);
        Assert.Same(first.Parent, second.Parent);
        Assert.Equal([1, 2], first.Parent!.Tokens);
        Assert.Equal(2, first.Depth);
        Assert.Equal(5, trie.ReferencedTokens);
    }

    [Fact]
    public void EnsureFree_ShortOfSlots_EvictsTheLeastRecentlyUsedFirst()
    {
        var trie = new TokenTrie(new SlotTable(8), reusePrefixes: true);
        foreach (int token in new[] { 1, 2 })
        {
            var leaf = trie.Insert(trie.Match([token]), [token, token, token]);
            trie.Slots.Append(leaf);
            trie.Slots.Append(leaf);
            trie.Slots.Append(leaf);
            trie.RemoveReference(leaf);
        }

        trie.EnsureFree(4);
        Assert.Equal(1, trie.Match([1, 1, 1]).Tokens);
        Assert.Equal(3, trie.Match([2, 2, 2]).Tokens);
        Assert.Equal(2, trie.EvictedSlots);
    }
}
