namespace Leanserve.Engine.Trie;

/// <summary>
/// The prefix tree over one KV buffer: documents, prompts and answers, running or kept. Knows which nodes branches need, parks the others, and evicts
/// the least recently used when space is short.
/// </summary>
internal sealed class TokenTrie(SlotTable slots, bool reusePrefixes)
{
    private readonly TrieNode _root = new(null, 0) { References = 1, Pins = 1 };

    /// <summary>Nodes that no branch needs.</summary>
    private readonly HashSet<TrieNode> _idle = [];

    private long _clock;

    public SlotTable Slots => slots;

    /// <summary>Tokens of nodes that a branch needs, computed or not yet.</summary>
    public int ReferencedTokens { get; private set; }

    /// <summary>Tokens of preloaded nodes.</summary>
    public int PinnedTokens { get; private set; }

    /// <summary>Tokens of preloaded nodes that no branch needs at present.</summary>
    public int IdlePinnedTokens => _idle.Where(node => node.Pins > 0).Sum(node => node.Slots.Count);

    /// <summary>Slots that branches need. What they need no longer is parked before the next step, and never read again by then.</summary>
    public int NeededSlots => slots.Active - _idle.Where(node => !node.IsParked).Sum(node => node.Slots.Count);

    /// <summary>Slots kept for later requests only.</summary>
    public int CachedSlots => _idle.Where(node => node.Pins == 0).Sum(node => node.Slots.Count);

    public long EvictedSlots { get; private set; }

    /// <summary>How much of a prompt the tree holds, or will hold once running prefills are through.</summary>
    /// <param name="tokens">The prompt, but for tokens that must be computed anew.</param>
    public PrefixMatch Match(ReadOnlySpan<int> tokens)
    {
        var node = _root;
        int matched = 0;
        int kept = 0;
        while (true)
        {
            (var child, int common) = BestChild(node, tokens[matched..]);
            if (child is null)
            {
                return new PrefixMatch(node, 0, matched, kept);
            }

            matched += common;
            kept += child.References > 0 || child.Pins > 0 ? common : 0;
            if (common < child.Tokens.Count)
            {
                return new PrefixMatch(child, common, matched, kept);
            }

            node = child;
        }
    }

    /// <summary>A new leaf for the tokens that the match left over, held by one branch.</summary>
    public TrieNode Insert(PrefixMatch match, ReadOnlySpan<int> rest)
    {
        var parent = match.Offset == 0 ? match.Node : Split(match.Node, match.Offset);
        var leaf = AddChild(parent, isScratch: false);
        leaf.Tokens.AddRange(rest);
        AddReference(leaf);
        return leaf;
    }

    /// <summary>A leaf under <paramref name="parent"/> without tokens or references.</summary>
    public TrieNode AddChild(TrieNode parent, bool isScratch)
    {
        var child = new TrieNode(parent, parent.End) { IsScratch = isScratch };
        parent.Children.Add(child);
        return child;
    }

    /// <summary>Appends one more token, just computed, to a referenced node; returns its slot.</summary>
    public int AppendComputed(TrieNode node, int token)
    {
        node.Tokens.Add(token);
        ReferencedTokens++;
        return slots.Append(node);
    }

    /// <summary>Takes a referenced node's last tokens back.</summary>
    public void RemoveLast(TrieNode node, int count)
    {
        slots.Release(node, node.Slots.Count - count);
        node.Tokens.RemoveRange(node.Slots.Count, count);
        ReferencedTokens -= count;
    }

    public void AddReference(TrieNode node)
    {
        for (TrieNode? at = node; at is not null && at.References++ == 0; at = at.Parent)
        {
            _idle.Remove(at);
            ReferencedTokens += at.Tokens.Count;
            if (at.IsParked)
            {
                slots.Unpark(at);
            }
        }
    }

    /// <summary>A branch leaves: what nobody needs any more is kept for later requests, or freed where it is of no use to them.</summary>
    public void RemoveReference(TrieNode node)
    {
        for (TrieNode? at = node; at is not null && --at.References == 0; at = at.Parent)
        {
            ReferencedTokens -= at.Tokens.Count;
            at.Tokens.RemoveRange(at.Slots.Count, at.Tokens.Count - at.Slots.Count);
            at.LastUsed = ++_clock;
            bool isUseless = at.IsScratch || !reusePrefixes || at.Tokens.Count == 0;
            if (isUseless && at.Pins == 0 && at.Children.Count == 0)
            {
                slots.Release(at);
                at.Parent!.Children.Remove(at);
            }
            else
            {
                _idle.Add(at);
            }
        }
    }

    public void Pin(TrieNode node)
    {
        for (TrieNode? at = node; at is { Parent: not null }; at = at.Parent)
        {
            PinnedTokens += at.Pins++ == 0 ? at.Tokens.Count : 0;
        }
    }

    public void Unpin(TrieNode node)
    {
        for (TrieNode? at = node; at is { Parent: not null }; at = at.Parent)
        {
            PinnedTokens -= --at.Pins == 0 ? at.Tokens.Count : 0;
        }

        DropUseless(node);
    }

    /// <summary>Moves idle nodes out of what steps read, and evicts until <paramref name="free"/> slots are free.</summary>
    public void MakeRoom(int free)
    {
        // Parking moves one slot at a time through a free one.
        EnsureFree(Math.Max(free, 1));
        foreach (var node in _idle)
        {
            if (!node.IsParked)
            {
                slots.Park(node);
            }
        }
    }

    /// <summary>Evicts the least recently used until <paramref name="free"/> slots are free.</summary>
    public void EnsureFree(int free)
    {
        while (slots.Free < free)
        {
            var victim = _idle.Where(node => node.Pins == 0 && node.Children.Count == 0).MinBy(node => node.LastUsed)
                ?? throw new InvalidOperationException($"{free} slots were promised, {slots.Free} are free and nothing is left to evict.");
            int count = Math.Min(free - slots.Free, victim.Slots.Count);
            EvictedSlots += count;
            slots.Release(victim, victim.Slots.Count - count);
            victim.Tokens.RemoveRange(victim.Slots.Count, victim.Tokens.Count - victim.Slots.Count);
            if (victim.Tokens.Count == 0)
            {
                Remove(victim);
            }
        }
    }

    /// <summary>Path from the first token to <paramref name="leaf"/>.</summary>
    public static void CollectPath(TrieNode leaf, List<TrieNode> path)
    {
        path.Clear();
        for (TrieNode? at = leaf; at is { Parent: not null }; at = at.Parent)
        {
            path.Add(at);
        }

        path.Reverse();
    }

    private void DropUseless(TrieNode node)
    {
        for (var at = node; at.Parent is { } parent && at is { References: 0, Pins: 0, Children.Count: 0 } && (at.IsScratch || !reusePrefixes); at = parent)
        {
            slots.Release(at);
            Remove(at);
        }
    }

    private void Remove(TrieNode node)
    {
        _idle.Remove(node);
        node.Parent!.Children.Remove(node);
    }

    private (TrieNode? Child, int Common) BestChild(TrieNode node, ReadOnlySpan<int> tokens)
    {
        TrieNode? best = null;
        int bestCommon = 0;
        foreach (var child in node.Children)
        {
            if (child.IsScratch || (!reusePrefixes && child.Pins == 0))
            {
                continue;
            }

            int common = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(child.Tokens).CommonPrefixLength(tokens);
            if (common > bestCommon)
            {
                (best, bestCommon) = (child, common);
            }
        }

        return (best, bestCommon);
    }

    /// <summary>Cuts a node in two; the old object stays the lower part, so that branches that end there need not know.</summary>
    private TrieNode Split(TrieNode lower, int offset)
    {
        if (offset == lower.Tokens.Count)
        {
            return lower;
        }

        var upper = new TrieNode(lower.Parent, lower.Depth)
        {
            References = lower.References > 0 ? 1 : 0,
            Pins = lower.Pins,
            IsParked = lower.IsParked,
            LastUsed = lower.LastUsed,
        };
        upper.Tokens.AddRange(lower.Tokens[..offset]);
        lower.Tokens.RemoveRange(0, offset);
        slots.Split(lower, upper, offset);
        lower.Parent!.Children.Remove(lower);
        lower.Parent.Children.Add(upper);
        upper.Children.Add(lower);
        lower.Parent = upper;
        lower.Depth += offset;
        if (upper.References == 0)
        {
            _idle.Add(upper);
        }

        return upper;
    }
}
