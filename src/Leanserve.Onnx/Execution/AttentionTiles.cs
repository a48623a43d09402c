using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Leanserve.Onnx.Kernels;

namespace Leanserve.Onnx.Execution;

/// <summary>Steps of <see cref="PathAttentionMath"/> that are no products.</summary>
internal static unsafe class AttentionTiles
{
    private const int Width = 8;

    /// <summary>Puts the keys of up to sixteen slots side by side: [headSize, KeyTile]. Missing ones repeat the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(in AttentionBlock block, ReadOnlySpan<int> slots)
    {
        float** rows = stackalloc float*[PathAttentionMath.KeyTile];
        for (int i = 0; i < PathAttentionMath.KeyTile; i++)
        {
            rows[i] = block.Keys + ((long)slots[Math.Min(i, slots.Length - 1)] * block.HeadSize);
        }

        for (int element = 0; element < block.HeadSize; element += Width)
        {
            float* to = block.TransposedKeys + (element * PathAttentionMath.KeyTile);
            Transpose8(rows, element, to);
            Transpose8(rows + Width, element, to + Width);
        }
    }

    /// <summary>Puts e^(score − highest) in the place of each score; returns their sum. What lies behind the length is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentiate(float* scores, int length)
    {
        int padded = (length + Width - 1) / Width * Width;
        new Span<float>(scores + length, padded - length).Fill(float.NegativeInfinity);
        var highest = Vector256.Load(scores);
        for (int i = Width; i < padded; i += Width)
        {
            highest = Vector256.Max(highest, Vector256.Load(scores + i));
        }

        float largest = highest[0];
        for (int lane = 1; lane < Width; lane++)
        {
            largest = MathF.Max(largest, highest[lane]);
        }

        highest = Vector256.Create(largest);
        Vector256<float> sum = default;
        for (int i = 0; i < padded; i += Width)
        {
            var weight = VectorMath.Exp(Vector256.Load(scores + i) - highest);
            weight.Store(scores + i);
            sum += weight;
        }

        return Vector256.Sum(sum);
    }

    /// <summary>Eight elements of eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float** rows, int element, float* to)
    {
        if (!Avx.IsSupported)
        {
            for (int i = 0; i < Width * Width; i++)
            {
                to[(i / Width * PathAttentionMath.KeyTile) + (i % Width)] = rows[i % Width][element + (i / Width)];
            }

            return;
        }

        var r0 = Vector256.Load(rows[0] + element);
        var r1 = Vector256.Load(rows[1] + element);
        var r2 = Vector256.Load(rows[2] + element);
        var r3 = Vector256.Load(rows[3] + element);
        var r4 = Vector256.Load(rows[4] + element);
        var r5 = Vector256.Load(rows[5] + element);
        var r6 = Vector256.Load(rows[6] + element);
        var r7 = Vector256.Load(rows[7] + element);
        Transpose4(r0, r1, r2, r3, out var a0, out var a1, out var a2, out var a3);
        Transpose4(r4, r5, r6, r7, out var b0, out var b1, out var b2, out var b3);
        Avx.Permute2x128(a0, b0, 0x20).Store(to);
        Avx.Permute2x128(a1, b1, 0x20).Store(to + PathAttentionMath.KeyTile);
        Avx.Permute2x128(a2, b2, 0x20).Store(to + (2 * PathAttentionMath.KeyTile));
        Avx.Permute2x128(a3, b3, 0x20).Store(to + (3 * PathAttentionMath.KeyTile));
        Avx.Permute2x128(a0, b0, 0x31).Store(to + (4 * PathAttentionMath.KeyTile));
        Avx.Permute2x128(a1, b1, 0x31).Store(to + (5 * PathAttentionMath.KeyTile));
        Avx.Permute2x128(a2, b2, 0x31).Store(to + (6 * PathAttentionMath.KeyTile));
        Avx.Permute2x128(a3, b3, 0x31).Store(to + (7 * PathAttentionMath.KeyTile));
    }

    /// <summary>Transposes both 4 × 4 halves of four rows of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(
        Vector256<float> r0,
        Vector256<float> r1,
        Vector256<float> r2,
        Vector256<float> r3,
        out Vector256<float> c0,
        out Vector256<float> c1,
        out Vector256<float> c2,
        out Vector256<float> c3)
    {
        var low01 = Avx.UnpackLow(r0, r1).AsDouble();
        var high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        var low23 = Avx.UnpackLow(r2, r3).AsDouble();
        var high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        c0 = Avx.UnpackLow(low01, low23).AsSingle();
        c1 = Avx.UnpackHigh(low01, low23).AsSingle();
        c2 = Avx.UnpackLow(high01, high23).AsSingle();
        c3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }
}
