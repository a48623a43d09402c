namespace Leanserve.Onnx.Reader;

/// <summary>
/// 2,048 sign vectors of length 16 of which any two correlate by at most 1/2: the Reed–Muller code RM(2, 4), all polynomials of degree 2 in four bits,
/// whose minimum distance is 4.
/// </summary>
internal static class ReedMullerCode
{
    public const int Length = 16;
    public const int Count = 2048;

    private static readonly int[] Monomials =
        [.. Enumerable.Range(0, Length).Where(bits => int.PopCount(bits) <= 2)];

    /// <summary>Element <paramref name="position"/> of vector <paramref name="index"/>: +1 or −1.</summary>
    public static int Sign(int index, int position)
    {
        int value = 0;
        for (int i = 0; i < Monomials.Length; i++)
        {
            // A monomial is 1 where all its variables are.
            value ^= (index >> i) & ((position & Monomials[i]) == Monomials[i] ? 1 : 0);
        }

        return value == 0 ? 1 : -1;
    }
}
