using System.Numerics;

namespace Leanserve.Onnx.Reader;

/// <summary>
/// 2,048 sign vectors of length 64 of which any two correlate by at most 1/8: the Kerdock set of bent functions over GF(2⁵) × GF(2)
/// (MacWilliams &amp; Sloane, The Theory of Error-Correcting Codes, ch. 15). Mixtures of a few stay readable.
/// </summary>
internal static class KerdockCode
{
    public const int Length = 64;
    public const int Count = 2048;

    private const int FieldSize = 32;

    // x⁵ + x² + 1 is irreducible over GF(2).
    private const int Modulus = 0b100101;

    /// <summary>Element <paramref name="position"/> of vector <paramref name="index"/>: +1 or −1.</summary>
    public static int Sign(int index, int position)
    {
        int linear = BitOperations.PopCount((uint)(index % Length & position)) & 1;
        int scaled = Multiply(index / Length, position % FieldSize);
        int last = position / FieldSize;
        int quadratic = Trace(Power(scaled, 3)) ^ Trace(Power(scaled, 5)) ^ (last & Trace(scaled));
        return (linear ^ quadratic) == 0 ? 1 : -1;
    }

    private static int Multiply(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) == 0 ? 0 : a;
            a <<= 1;
            a ^= a >= FieldSize ? Modulus : 0;
        }

        return product;
    }

    private static int Power(int value, int exponent)
    {
        int power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power = Multiply(power, value);
        }

        return power;
    }

    private static int Trace(int value)
    {
        int sum = 0;
        for (int i = 0; i < 5; i++)
        {
            sum ^= value;
            value = Multiply(value, value);
        }

        return sum & 1;
    }
}
