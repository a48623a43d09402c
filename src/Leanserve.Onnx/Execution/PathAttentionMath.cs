using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Leanserve.Onnx.Execution;

/// <summary>
/// The inner loops of attention over paths. Each dot product and each weighted sum is computed by the same sequence of operations whether alone or
/// beside others, which makes results repeat to the last bit.
/// </summary>
internal static unsafe class PathAttentionMath
{
    /// <summary>Positions worked on at a time: their keys stay in the first-level cache while all rows pass over them.</summary>
    private const int Tile = 32;

    private static int Width => Vector256<float>.Count;

    /// <summary>Scores[query, position] = q · k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(in AttentionBlock block, ReadOnlySpan<ReadOnlyMemory<int>> paths, int longest)
    {
        for (int first = 0; first < longest; first += Tile)
        {
            for (int row = 0; row < paths.Length; row++)
            {
                var path = paths[row].Span;
                int end = Math.Min(first + Tile, path.Length);
                if (first < end)
                {
                    ScoreRow(in block, row, path[first..end], first);
                }
            }
        }
    }

    /// <summary>Softmax over each query's positions.</summary>
    public static void Normalize(in AttentionBlock block, ReadOnlySpan<ReadOnlyMemory<int>> paths)
    {
        for (int row = 0; row < paths.Length; row++)
        {
            for (int g = 0; g < block.Group; g++)
            {
                var scores = new Span<float>(block.Scores + (((row * block.Group) + g) * (long)block.Stride), paths[row].Length);
                TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
                TensorPrimitives.Exp(scores, scores);
                TensorPrimitives.Multiply(scores, 1 / TensorPrimitives.Sum<float>(scores), scores);
            }
        }
    }

    /// <summary>Queries[query] = Σ weight · v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blend(in AttentionBlock block, ReadOnlySpan<ReadOnlyMemory<int>> paths, int longest)
    {
        new Span<float>(block.Queries, paths.Length * block.Group * block.QueryStride).Clear();
        for (int first = 0; first < longest; first += Tile)
        {
            for (int row = 0; row < paths.Length; row++)
            {
                var path = paths[row].Span;
                int end = Math.Min(first + Tile, path.Length);
                if (first < end)
                {
                    BlendRow(in block, row, path[first..end], first);
                }
            }
        }
    }

    private static void ScoreRow(in AttentionBlock block, int row, ReadOnlySpan<int> slots, int first)
    {
        for (int g = 0; g < block.Group; g += 2)
        {
            int query = (row * block.Group) + g;
            float* q = block.Queries + (query * block.QueryStride);
            float* scores = block.Scores + (query * (long)block.Stride) + first;
            if (g + 1 < block.Group)
            {
                ScorePair(in block, q, scores, slots);
            }
            else
            {
                ScoreSingle(in block, q, scores, slots);
            }
        }
    }

    /// <summary>Two queries against four keys at a time: each loaded vector serves several products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScorePair(in AttentionBlock block, float* q, float* scores, ReadOnlySpan<int> slots)
    {
        int size = block.HeadSize;
        float* other = q + block.QueryStride;
        float* otherScores = scores + block.Stride;
        int i = 0;
        for (; i + 4 <= slots.Length; i += 4)
        {
            float* k0 = block.Keys + ((long)slots[i] * size);
            float* k1 = block.Keys + ((long)slots[i + 1] * size);
            float* k2 = block.Keys + ((long)slots[i + 2] * size);
            float* k3 = block.Keys + ((long)slots[i + 3] * size);
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            for (int d = 0; d < size; d += Width)
            {
                var a = Vector256.Load(q + d);
                var b = Vector256.Load(other + d);
                var k = Vector256.Load(k0 + d);
                a0 = Vector256.FusedMultiplyAdd(a, k, a0);
                b0 = Vector256.FusedMultiplyAdd(b, k, b0);
                k = Vector256.Load(k1 + d);
                a1 = Vector256.FusedMultiplyAdd(a, k, a1);
                b1 = Vector256.FusedMultiplyAdd(b, k, b1);
                k = Vector256.Load(k2 + d);
                a2 = Vector256.FusedMultiplyAdd(a, k, a2);
                b2 = Vector256.FusedMultiplyAdd(b, k, b2);
                k = Vector256.Load(k3 + d);
                a3 = Vector256.FusedMultiplyAdd(a, k, a3);
                b3 = Vector256.FusedMultiplyAdd(b, k, b3);
            }

            scores[i] = Vector256.Sum(a0);
            scores[i + 1] = Vector256.Sum(a1);
            scores[i + 2] = Vector256.Sum(a2);
            scores[i + 3] = Vector256.Sum(a3);
            otherScores[i] = Vector256.Sum(b0);
            otherScores[i + 1] = Vector256.Sum(b1);
            otherScores[i + 2] = Vector256.Sum(b2);
            otherScores[i + 3] = Vector256.Sum(b3);
        }

        for (; i < slots.Length; i++)
        {
            scores[i] = Dot(q, block.Keys + ((long)slots[i] * size), size);
            otherScores[i] = Dot(other, block.Keys + ((long)slots[i] * size), size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreSingle(in AttentionBlock block, float* q, float* scores, ReadOnlySpan<int> slots)
    {
        int size = block.HeadSize;
        int i = 0;
        for (; i + 4 <= slots.Length; i += 4)
        {
            float* k0 = block.Keys + ((long)slots[i] * size);
            float* k1 = block.Keys + ((long)slots[i + 1] * size);
            float* k2 = block.Keys + ((long)slots[i + 2] * size);
            float* k3 = block.Keys + ((long)slots[i + 3] * size);
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
            for (int d = 0; d < size; d += Width)
            {
                var a = Vector256.Load(q + d);
                a0 = Vector256.FusedMultiplyAdd(a, Vector256.Load(k0 + d), a0);
                a1 = Vector256.FusedMultiplyAdd(a, Vector256.Load(k1 + d), a1);
                a2 = Vector256.FusedMultiplyAdd(a, Vector256.Load(k2 + d), a2);
                a3 = Vector256.FusedMultiplyAdd(a, Vector256.Load(k3 + d), a3);
            }

            scores[i] = Vector256.Sum(a0);
            scores[i + 1] = Vector256.Sum(a1);
            scores[i + 2] = Vector256.Sum(a2);
            scores[i + 3] = Vector256.Sum(a3);
        }

        for (; i < slots.Length; i++)
        {
            scores[i] = Dot(q, block.Keys + ((long)slots[i] * size), size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* q, float* k, int size)
    {
        Vector256<float> sum = default;
        for (int d = 0; d < size; d += Width)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(q + d), Vector256.Load(k + d), sum);
        }

        return Vector256.Sum(sum);
    }

    private static void BlendRow(in AttentionBlock block, int row, ReadOnlySpan<int> slots, int first)
    {
        for (int g = 0; g < block.Group; g++)
        {
            int query = (row * block.Group) + g;
            float* weights = block.Scores + (query * (long)block.Stride) + first;
            BlendQuery(in block, block.Queries + (query * block.QueryStride), weights, slots);
        }
    }

    /// <summary>Adds a tile of values to one query's sum, 32 elements at a time, each in order of position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BlendQuery(in AttentionBlock block, float* sum, float* weights, ReadOnlySpan<int> slots)
    {
        int size = block.HeadSize;
        int d = 0;
        for (; d + (4 * Width) <= size; d += 4 * Width)
        {
            float* values = block.Values + d;
            var s0 = Vector256.Load(sum + d);
            var s1 = Vector256.Load(sum + d + Width);
            var s2 = Vector256.Load(sum + d + (2 * Width));
            var s3 = Vector256.Load(sum + d + (3 * Width));
            for (int i = 0; i < slots.Length; i++)
            {
                float* v = values + ((long)slots[i] * size);
                var weight = Vector256.Create(weights[i]);
                s0 = Vector256.FusedMultiplyAdd(weight, Vector256.Load(v), s0);
                s1 = Vector256.FusedMultiplyAdd(weight, Vector256.Load(v + Width), s1);
                s2 = Vector256.FusedMultiplyAdd(weight, Vector256.Load(v + (2 * Width)), s2);
                s3 = Vector256.FusedMultiplyAdd(weight, Vector256.Load(v + (3 * Width)), s3);
            }

            s0.Store(sum + d);
            s1.Store(sum + d + Width);
            s2.Store(sum + d + (2 * Width));
            s3.Store(sum + d + (3 * Width));
        }

        for (; d < size; d += Width)
        {
            var s = Vector256.Load(sum + d);
            for (int i = 0; i < slots.Length; i++)
            {
                s = Vector256.FusedMultiplyAdd(Vector256.Create(weights[i]), Vector256.Load(block.Values + ((long)slots[i] * size) + d), s);
            }

            s.Store(sum + d);
        }
    }
}
