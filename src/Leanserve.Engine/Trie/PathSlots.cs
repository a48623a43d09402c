namespace Leanserve.Engine.Trie;

/// <summary>The slots of one branch's tokens by position: all that its next token attends to. Changed in place, never rebuilt.</summary>
internal sealed class PathSlots
{
    private int[] _slots = new int[64];

    /// <summary>Tokens of the path that are entered.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<int> Entered => _slots.AsSpan(0, Count);

    public void Append(int slot)
    {
        Grow(Count + 1);
        _slots[Count++] = slot;
    }

    public void RemoveLast(int count) => Count -= count;

    /// <summary>
    /// The path of the token <paramref name="ahead"/> places past the end, given that the tokens from the end on are about to be written into
    /// successive slots from <paramref name="firstSlot"/> on.
    /// </summary>
    public ReadOnlyMemory<int> Extended(int ahead, int firstSlot)
    {
        Grow(Count + ahead + 1);
        _slots[Count + ahead] = firstSlot + ahead;
        return _slots.AsMemory(0, Count + ahead + 1);
    }

    public void Move(int position, int from, int to)
    {
        if (position < Count && _slots[position] == from)
        {
            _slots[position] = to;
        }
    }

    public PathSlots Copy()
    {
        var copy = new PathSlots { _slots = new int[_slots.Length], Count = Count };
        Entered.CopyTo(copy._slots);
        return copy;
    }

    private void Grow(int length)
    {
        if (_slots.Length < length)
        {
            Array.Resize(ref _slots, Math.Max(length, 2 * _slots.Length));
        }
    }
}
