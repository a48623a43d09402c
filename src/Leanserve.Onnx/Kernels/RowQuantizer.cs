using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Leanserve.Onnx.Kernels;

/// <summary>Puts rows into 8 bits, each block of 32 inputs by its own largest value: a row's levels depend on nothing but the row.</summary>
internal static unsafe class RowQuantizer
{
    private const int Block = Int4Matrix.Block;
    private const float Levels = 127;

    /// <summary>One row of a multiple of 32 inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(float* values, int inputs, sbyte* levels, float* scales, int* offsets)
    {
        // The order that undoes the lanes of the two packing instructions.
        var order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        for (int block = 0; block < inputs / Block; block++, values += Block, levels += Block)
        {
            var a = Vector256.Load(values);
            var b = Vector256.Load(values + 8);
            var c = Vector256.Load(values + 16);
            var d = Vector256.Load(values + 24);
            var largest = Vector256.Max(Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
            float extreme = Largest(largest);
            scales[block] = extreme / Levels;
            var inverse = Vector256.Create(extreme > 0 ? Levels / extreme : 0);
            var low = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(a * inverse), Avx.ConvertToVector256Int32(b * inverse));
            var high = Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(c * inverse), Avx.ConvertToVector256Int32(d * inverse));
            var packed = Avx2.PermuteVar8x32(Avx2.PackSignedSaturate(low, high).AsInt32(), order);
            packed.AsSByte().Store(levels);
            offsets[block] = Int4Matrix.ZeroLevel * Vector256.Sum(Avx2.MultiplyAddAdjacent(low + high, Vector256<short>.One));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(Vector256<float> values)
    {
        var four = Vector128.Max(values.GetLower(), values.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(four[0], four[1]);
    }
}
