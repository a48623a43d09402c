namespace Leanserve.Engine.Grammars;

/// <summary>A set of bytes.</summary>
internal readonly struct ByteSet : IEquatable<ByteSet>
{
    private readonly UInt128 _low;
    private readonly UInt128 _high;

    private ByteSet(UInt128 low, UInt128 high) => (_low, _high) = (low, high);

    public bool IsEmpty => _low == 0 && _high == 0;

    public bool Contains(byte value) => ((value < 128 ? _low >> value : _high >> (value - 128)) & 1) != 0;

    public static ByteSet Of(byte value) => Range(value, value);

    /// <summary>From first to last, both included.</summary>
    public static ByteSet Range(int first, int last)
    {
        (UInt128 low, UInt128 high) = (0, 0);
        for (int value = first; value <= last; value++)
        {
            if (value < 128)
            {
                low |= UInt128.One << value;
            }
            else
            {
                high |= UInt128.One << (value - 128);
            }
        }

        return new ByteSet(low, high);
    }

    public static ByteSet AnyOf(ReadOnlySpan<byte> values)
    {
        var set = default(ByteSet);
        foreach (byte value in values)
        {
            set |= Of(value);
        }

        return set;
    }

    public static ByteSet operator |(ByteSet a, ByteSet b) => new(a._low | b._low, a._high | b._high);

    public static ByteSet operator &(ByteSet a, ByteSet b) => new(a._low & b._low, a._high & b._high);

    public bool Equals(ByteSet other) => _low == other._low && _high == other._high;

    public override bool Equals(object? obj) => obj is ByteSet other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_low, _high);
}
