using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Leanserve.Onnx.Kernels;

/// <summary>Functions whose result in a lane depends on that lane alone, wherever it lies.</summary>
internal static class VectorMath
{
    private const float HighestExponent = 88;
    private const float LowestExponent = -87;

    /// <summary>e^x to about 2 units in the last place; x is held between −87 and 88, where results are normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(LowestExponent)), Vector256.Create(HighestExponent));
        var power = Vector256.Round(x * Vector256.Create(1.44269504f));

        // ln 2 in two parts, so that what is left of x is exact (Cody and Waite).
        var rest = Vector256.FusedMultiplyAdd(power, Vector256.Create(-0.693145752f), x);
        rest = Vector256.FusedMultiplyAdd(power, Vector256.Create(-1.42860677e-6f), rest);

        // The series up to rest^6 / 720, with |rest| at most ln 2 / 2.
        var sum = Vector256.Create(1f / 720);
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256.Create(1f / 120));
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256.Create(1f / 24));
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256.Create(1f / 6));
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256.Create(0.5f));
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256<float>.One);
        sum = Vector256.FusedMultiplyAdd(sum, rest, Vector256<float>.One);
        var scale = (Vector256.ConvertToInt32(power) + Vector256.Create(127)) << 23;
        return sum * scale.AsSingle();
    }

    /// <summary>x / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Silu(Vector256<float> x) => x / (Vector256<float>.One + Exp(-x));
}
