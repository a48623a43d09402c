using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Leanserve.Onnx.Kernels;

namespace Leanserve.Onnx.Execution;

/// <summary>The register tiles of <see cref="PathAttentionMath"/>: up to six queries by sixteen positions or elements.</summary>
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

    /// <summary>Scores of queries [query, end) at positions from <paramref name="first"/> on.</summary>
    public static void Score(in AttentionBlock block, int query, int end, int first)
    {
        while (query < end)
        {
            float* q = block.Queries + (query * block.QueryStride);
            float* scores = block.Scores + (query * (long)block.Stride) + first;
            switch (end - query)
            {
                case >= 6:
                    Score6(block.TransposedKeys, q, block.QueryStride, block.HeadSize, scores, block.Stride);
                    query += 6;
                    break;
                case >= 3:
                    Score3(block.TransposedKeys, q, block.QueryStride, block.HeadSize, scores, block.Stride);
                    query += 3;
                    break;
                default:
                    Score1(block.TransposedKeys, q, block.HeadSize, scores);
                    query++;
                    break;
            }
        }
    }

    /// <summary>Adds values at positions from <paramref name="first"/> on to the sums of queries [query, end).</summary>
    public static void Blend(in AttentionBlock block, int query, int end, int first, float** values, int count)
    {
        while (query < end)
        {
            float* sums = block.Queries + (query * block.QueryStride);
            float* weights = block.Scores + (query * (long)block.Stride) + first;
            int tile = end - query >= 6 ? 6 : end - query >= 3 ? 3 : 1;
            int element = 0;
            for (; element + (2 * Width) <= block.HeadSize; element += 2 * Width)
            {
                switch (tile)
                {
                    case 6:
                        Blend6(values, count, element, weights, block.Stride, sums + element, block.QueryStride);
                        break;
                    case 3:
                        Blend3(values, count, element, weights, block.Stride, sums + element, block.QueryStride);
                        break;
                    default:
                        Blend1(values, count, element, weights, sums + element);
                        break;
                }
            }

            for (int i = 0; element < block.HeadSize && i < tile; i++)
            {
                BlendHalf(values, count, element, weights + (i * (long)block.Stride), sums + (i * block.QueryStride) + element);
            }

            query += tile;
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

    /// <summary>Six queries by sixteen keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score6(float* keys, float* q, int queryStride, int size, float* scores, int stride)
    {
        Vector256<float> l0 = default, h0 = default, l1 = default, h1 = default, l2 = default, h2 = default, l3 = default, h3 = default, l4 = default, h4 = default, l5 = default, h5 = default;
        float* q3 = q + (3 * queryStride);
        for (float* end = q + size; q < end; q++, q3++, keys += PathAttentionMath.KeyTile)
        {
            var low = Vector256.Load(keys);
            var high = Vector256.Load(keys + 8);
            var x = Vector256.Create(*q);
            l0 = Vector256.FusedMultiplyAdd(x, low, l0);
            h0 = Vector256.FusedMultiplyAdd(x, high, h0);
            x = Vector256.Create(q[queryStride]);
            l1 = Vector256.FusedMultiplyAdd(x, low, l1);
            h1 = Vector256.FusedMultiplyAdd(x, high, h1);
            x = Vector256.Create(q[2 * queryStride]);
            l2 = Vector256.FusedMultiplyAdd(x, low, l2);
            h2 = Vector256.FusedMultiplyAdd(x, high, h2);
            x = Vector256.Create(*q3);
            l3 = Vector256.FusedMultiplyAdd(x, low, l3);
            h3 = Vector256.FusedMultiplyAdd(x, high, h3);
            x = Vector256.Create(q3[queryStride]);
            l4 = Vector256.FusedMultiplyAdd(x, low, l4);
            h4 = Vector256.FusedMultiplyAdd(x, high, h4);
            x = Vector256.Create(q3[2 * queryStride]);
            l5 = Vector256.FusedMultiplyAdd(x, low, l5);
            h5 = Vector256.FusedMultiplyAdd(x, high, h5);
        }

        l0.Store(scores);
        h0.Store(scores + 8);
        l1.Store(scores + stride);
        h1.Store(scores + stride + 8);
        l2.Store(scores + (2 * stride));
        h2.Store(scores + (2 * stride) + 8);
        l3.Store(scores + (3 * stride));
        h3.Store(scores + (3 * stride) + 8);
        l4.Store(scores + (4 * stride));
        h4.Store(scores + (4 * stride) + 8);
        l5.Store(scores + (5 * stride));
        h5.Store(scores + (5 * stride) + 8);
    }

    /// <summary>Three queries by sixteen keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score3(float* keys, float* q, int queryStride, int size, float* scores, int stride)
    {
        Vector256<float> l0 = default, h0 = default, l1 = default, h1 = default, l2 = default, h2 = default;
        for (float* end = q + size; q < end; q++, keys += PathAttentionMath.KeyTile)
        {
            var low = Vector256.Load(keys);
            var high = Vector256.Load(keys + 8);
            var x = Vector256.Create(*q);
            l0 = Vector256.FusedMultiplyAdd(x, low, l0);
            h0 = Vector256.FusedMultiplyAdd(x, high, h0);
            x = Vector256.Create(q[queryStride]);
            l1 = Vector256.FusedMultiplyAdd(x, low, l1);
            h1 = Vector256.FusedMultiplyAdd(x, high, h1);
            x = Vector256.Create(q[2 * queryStride]);
            l2 = Vector256.FusedMultiplyAdd(x, low, l2);
            h2 = Vector256.FusedMultiplyAdd(x, high, h2);
        }

        l0.Store(scores);
        h0.Store(scores + 8);
        l1.Store(scores + stride);
        h1.Store(scores + stride + 8);
        l2.Store(scores + (2 * stride));
        h2.Store(scores + (2 * stride) + 8);
    }

    /// <summary>One query by sixteen keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score1(float* keys, float* q, int size, float* scores)
    {
        Vector256<float> l0 = default, h0 = default;
        for (float* end = q + size; q < end; q++, keys += PathAttentionMath.KeyTile)
        {
            var low = Vector256.Load(keys);
            var high = Vector256.Load(keys + 8);
            var x = Vector256.Create(*q);
            l0 = Vector256.FusedMultiplyAdd(x, low, l0);
            h0 = Vector256.FusedMultiplyAdd(x, high, h0);
        }

        l0.Store(scores);
        h0.Store(scores + 8);
    }

    /// <summary>Six queries, sixteen elements at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blend6(float** values, int count, int element, float* weights, long stride, float* sums, int sumStride)
    {
        var l0 = Vector256.Load(sums);
        var h0 = Vector256.Load(sums + 8);
        var l1 = Vector256.Load(sums + sumStride);
        var h1 = Vector256.Load(sums + sumStride + 8);
        var l2 = Vector256.Load(sums + (2 * sumStride));
        var h2 = Vector256.Load(sums + (2 * sumStride) + 8);
        var l3 = Vector256.Load(sums + (3 * sumStride));
        var h3 = Vector256.Load(sums + (3 * sumStride) + 8);
        var l4 = Vector256.Load(sums + (4 * sumStride));
        var h4 = Vector256.Load(sums + (4 * sumStride) + 8);
        var l5 = Vector256.Load(sums + (5 * sumStride));
        var h5 = Vector256.Load(sums + (5 * sumStride) + 8);
        float* weights3 = weights + (3 * stride);
        for (int i = 0; i < count; i++)
        {
            float* v = values[i] + element;
            var low = Vector256.Load(v);
            var high = Vector256.Load(v + 8);
            var x = Vector256.Create(weights[i]);
            l0 = Vector256.FusedMultiplyAdd(x, low, l0);
            h0 = Vector256.FusedMultiplyAdd(x, high, h0);
            x = Vector256.Create(weights[i + stride]);
            l1 = Vector256.FusedMultiplyAdd(x, low, l1);
            h1 = Vector256.FusedMultiplyAdd(x, high, h1);
            x = Vector256.Create(weights[i + (2 * stride)]);
            l2 = Vector256.FusedMultiplyAdd(x, low, l2);
            h2 = Vector256.FusedMultiplyAdd(x, high, h2);
            x = Vector256.Create(weights3[i]);
            l3 = Vector256.FusedMultiplyAdd(x, low, l3);
            h3 = Vector256.FusedMultiplyAdd(x, high, h3);
            x = Vector256.Create(weights3[i + stride]);
            l4 = Vector256.FusedMultiplyAdd(x, low, l4);
            h4 = Vector256.FusedMultiplyAdd(x, high, h4);
            x = Vector256.Create(weights3[i + (2 * stride)]);
            l5 = Vector256.FusedMultiplyAdd(x, low, l5);
            h5 = Vector256.FusedMultiplyAdd(x, high, h5);
        }

        l0.Store(sums);
        h0.Store(sums + 8);
        l1.Store(sums + sumStride);
        h1.Store(sums + sumStride + 8);
        l2.Store(sums + (2 * sumStride));
        h2.Store(sums + (2 * sumStride) + 8);
        l3.Store(sums + (3 * sumStride));
        h3.Store(sums + (3 * sumStride) + 8);
        l4.Store(sums + (4 * sumStride));
        h4.Store(sums + (4 * sumStride) + 8);
        l5.Store(sums + (5 * sumStride));
        h5.Store(sums + (5 * sumStride) + 8);
    }

    /// <summary>Three queries, sixteen elements at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blend3(float** values, int count, int element, float* weights, long stride, float* sums, int sumStride)
    {
        var l0 = Vector256.Load(sums);
        var h0 = Vector256.Load(sums + 8);
        var l1 = Vector256.Load(sums + sumStride);
        var h1 = Vector256.Load(sums + sumStride + 8);
        var l2 = Vector256.Load(sums + (2 * sumStride));
        var h2 = Vector256.Load(sums + (2 * sumStride) + 8);
        for (int i = 0; i < count; i++)
        {
            float* v = values[i] + element;
            var low = Vector256.Load(v);
            var high = Vector256.Load(v + 8);
            var x = Vector256.Create(weights[i]);
            l0 = Vector256.FusedMultiplyAdd(x, low, l0);
            h0 = Vector256.FusedMultiplyAdd(x, high, h0);
            x = Vector256.Create(weights[i + stride]);
            l1 = Vector256.FusedMultiplyAdd(x, low, l1);
            h1 = Vector256.FusedMultiplyAdd(x, high, h1);
            x = Vector256.Create(weights[i + (2 * stride)]);
            l2 = Vector256.FusedMultiplyAdd(x, low, l2);
            h2 = Vector256.FusedMultiplyAdd(x, high, h2);
        }

        l0.Store(sums);
        h0.Store(sums + 8);
        l1.Store(sums + sumStride);
        h1.Store(sums + sumStride + 8);
        l2.Store(sums + (2 * sumStride));
        h2.Store(sums + (2 * sumStride) + 8);
    }

    /// <summary>One query, sixteen elements at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blend1(float** values, int count, int element, float* weights, float* sums)
    {
        var l0 = Vector256.Load(sums);
        var h0 = Vector256.Load(sums + 8);
        for (int i = 0; i < count; i++)
        {
            float* v = values[i] + element;
            var low = Vector256.Load(v);
            var high = Vector256.Load(v + 8);
            var x = Vector256.Create(weights[i]);
            l0 = Vector256.FusedMultiplyAdd(x, low, l0);
            h0 = Vector256.FusedMultiplyAdd(x, high, h0);
        }

        l0.Store(sums);
        h0.Store(sums + 8);
    }

    /// <summary>One query, eight elements.</summary>
    private static void BlendHalf(float** values, int count, int element, float* weights, float* sums)
    {
        var sum = Vector256.Load(sums);
        for (int i = 0; i < count; i++)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.Create(weights[i]), Vector256.Load(values[i] + element), sum);
        }

        sum.Store(sums);
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
