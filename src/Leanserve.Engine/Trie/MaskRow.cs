namespace Leanserve.Engine.Trie;

/// <summary>The additive attention mask of one branch over all slots: 0 for its ancestors, −∞ elsewhere. Changed in place, never rebuilt.</summary>
internal sealed class MaskRow
{
    private readonly float[] _values;

    public MaskRow(int capacity)
    {
        _values = new float[capacity];
        Array.Fill(_values, float.NegativeInfinity);
    }

    /// <summary>The first <paramref name="slots"/> entries.</summary>
    public ReadOnlySpan<float> Over(int slots) => _values.AsSpan(0, slots);

    public void See(int slot) => _values[slot] = 0;

    public void Move(int from, int to)
    {
        _values[to] = _values[from];
        _values[from] = float.NegativeInfinity;
    }

    public void CopyTo(MaskRow other, int slots) => _values.AsSpan(0, slots).CopyTo(other._values);
}
