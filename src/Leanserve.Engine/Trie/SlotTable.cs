namespace Leanserve.Engine.Trie;

/// <summary>
/// Which token owns which slot. Slots that steps read are packed at the start of the buffer, parked ones at its end, so that nothing idle costs time
/// and every hole is filled at once by moving one slot.
/// </summary>
internal sealed class SlotTable(int capacity)
{
    private readonly (TrieNode Node, int Index)[] _owners = new (TrieNode, int)[capacity];
    private readonly List<SlotMove> _moves = [];
    private readonly HashSet<PathSlots> _paths = [];

    public int Capacity => capacity;

    /// <summary>T: slots 0 … T − 1 are read by every step.</summary>
    public int Active { get; private set; }

    /// <summary>The last slots of the buffer, kept but not read.</summary>
    public int Parked { get; private set; }

    public int Free => capacity - Active - Parked;

    /// <summary>A path without tokens, kept up to date when slots move until <see cref="Close"/>.</summary>
    public PathSlots OpenPath() => Track(new PathSlots());

    /// <summary>A second path of the same tokens.</summary>
    public PathSlots Copy(PathSlots source) => Track(source.Copy());

    public void Close(PathSlots path) => _paths.Remove(path);

    /// <summary>Gives the first slot past the active ones, which a step has just written, to the node's first token without one.</summary>
    public int Append(TrieNode node)
    {
        int slot = Active++;
        Own(slot, node, node.Slots.Count);
        node.Slots.Add(slot);
        return slot;
    }

    /// <summary>Frees the slots of the node's tokens from <paramref name="from"/> on.</summary>
    public void Release(TrieNode node, int from = 0)
    {
        for (int index = node.Slots.Count - 1; index >= from; index--)
        {
            int slot = node.Slots[index];
            node.Slots.RemoveAt(index);
            if (node.IsParked)
            {
                FillParked(slot);
            }
            else
            {
                FillActive(slot);
            }
        }
    }

    /// <summary>Moves a node that no branch needs out of what steps read. Needs one free slot.</summary>
    public void Park(TrieNode node)
    {
        for (int index = node.Slots.Count - 1; index >= 0; index--)
        {
            int from = node.Slots[index];
            int to = capacity - ++Parked;
            Move(from, to);
            node.Slots[index] = to;
            FillActive(from);
        }

        node.IsParked = true;
    }

    /// <summary>Moves a parked node back among the slots that steps read. Needs one free slot.</summary>
    public void Unpark(TrieNode node)
    {
        for (int index = 0; index < node.Slots.Count; index++)
        {
            int from = node.Slots[index];
            int to = Active++;
            Move(from, to);
            node.Slots[index] = to;
            FillParked(from);
        }

        node.IsParked = false;
    }

    /// <summary>Splits ownership: tokens before <paramref name="offset"/> now belong to <paramref name="upper"/>.</summary>
    public void Split(TrieNode lower, TrieNode upper, int offset)
    {
        int count = Math.Min(offset, lower.Slots.Count);
        upper.Slots.AddRange(lower.Slots[..count]);
        lower.Slots.RemoveRange(0, count);
        Reindex(upper);
        Reindex(lower);
    }

    /// <summary>Copies the keys and values as decided since the last call.</summary>
    public void Flush(IModelRunner runner)
    {
        if (_moves.Count > 0)
        {
            runner.MoveSlots(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_moves));
            _moves.Clear();
        }
    }

    private PathSlots Track(PathSlots path)
    {
        _paths.Add(path);
        return path;
    }

    private void Reindex(TrieNode node)
    {
        for (int index = 0; index < node.Slots.Count; index++)
        {
            Own(node.Slots[index], node, index);
        }
    }

    private void FillActive(int hole)
    {
        int last = --Active;
        if (hole == last)
        {
            return;
        }

        MoveOwned(last, hole);
        (var node, int index) = _owners[hole];
        foreach (var path in _paths)
        {
            path.Move(node.Depth + index, last, hole);
        }
    }

    private void FillParked(int hole)
    {
        int first = capacity - Parked--;
        if (hole != first)
        {
            MoveOwned(first, hole);
        }
    }

    private void MoveOwned(int from, int to)
    {
        Move(from, to);
        (var node, int index) = _owners[to];
        node.Slots[index] = to;
    }

    private void Move(int from, int to)
    {
        _moves.Add(new SlotMove(from, to));
        _owners[to] = _owners[from];
    }

    private void Own(int slot, TrieNode node, int index) => _owners[slot] = (node, index);
}
