namespace Leanserve.Onnx;

/// <summary>Looks at 16-bit floats without converting them.</summary>
internal static class HalfPrecisionBits
{
    /// <summary>Whether any value has all bits of <paramref name="mask"/> set.</summary>
    public static bool ContainsMasked(this ReadOnlySpan<ushort> values, ushort mask)
    {
        foreach (ushort value in values)
        {
            if ((value & mask) == mask)
            {
                return true;
            }
        }

        return false;
    }
}
