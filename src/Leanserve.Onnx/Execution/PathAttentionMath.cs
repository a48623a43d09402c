using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Leanserve.Onnx.Kernels;

namespace Leanserve.Onnx.Execution;

/// <summary>
/// Attention over paths, in tiles of positions: rows whose paths lead through the same slots share each loaded key and value, as in a product of matrices.
/// Each score is one sum in order of the head's elements, each output one in order of positions, in a vector lane of its own: results are the same to the
/// last bit, alone or beside others, wherever keys and values lie.
/// </summary>
internal static unsafe class PathAttentionMath
{
    /// <summary>Positions scored at a time.</summary>
    public const int KeyTile = ProductTile.Width;

    /// <summary>Positions whose values are added at a time: 8 kB of a head of 64.</summary>
    public const int ValueTile = 32;

    /// <summary>Turns <see cref="AttentionBlock.Queries"/> from scaled queries into sums of values, to be divided by <see cref="AttentionBlock.Totals"/>.</summary>
    public static void Attend(in AttentionBlock block, ReadOnlySpan<ReadOnlyMemory<int>> paths, int longest)
    {
        Span<int> shared = stackalloc int[paths.Length];
        for (int row = 1; row < paths.Length; row++)
        {
            shared[row] = SharedLength(paths[row - 1].Span, paths[row].Span);
        }

        Score(in block, paths, shared, longest);
        for (int row = 0; row < paths.Length; row++)
        {
            for (int query = row * block.Group; query < (row + 1) * block.Group; query++)
            {
                block.Totals[query] = AttentionTiles.Exponentiate(block.Scores + (query * (long)block.Stride), paths[row].Length);
            }
        }

        new Span<float>(block.Queries, paths.Length * block.Group * block.HeadSize).Clear();
        Blend(in block, paths, shared, longest);
    }

    private static int SharedLength(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        int length = Math.Min(one.Length, other.Length);

        // Rows of one branch are slices of one array.
        return Unsafe.AreSame(in one[0], in other[0]) ? length : one[..length].CommonPrefixLength(other);
    }

    private static void Score(in AttentionBlock block, ReadOnlySpan<ReadOnlyMemory<int>> paths, ReadOnlySpan<int> shared, int longest)
    {
        for (int first = 0; first < longest; first += KeyTile)
        {
            for (int row = paths.Length - 1; row >= 0; row--)
            {
                var path = paths[row].Span;
                if (path.Length <= first)
                {
                    continue;
                }

                // Rows before this one join it while their part of the tile is the start of its part.
                int last = row;
                while (row > 0 && paths[row - 1].Length > first && shared[row] >= Math.Min(first + KeyTile, paths[row - 1].Length))
                {
                    row--;
                }

                Prefetch(block.Keys, path, first + KeyTile, KeyTile, block.HeadSize);
                AttentionTiles.Transpose(in block, path[first..Math.Min(first + KeyTile, path.Length)]);
                ScoreTile(in block, row * block.Group, (last + 1) * block.Group, first);
            }
        }
    }

    private static void Blend(in AttentionBlock block, ReadOnlySpan<ReadOnlyMemory<int>> paths, ReadOnlySpan<int> shared, int longest)
    {
        for (int first = 0; first < longest; first += ValueTile)
        {
            for (int row = paths.Length - 1; row >= 0; row--)
            {
                var path = paths[row].Span;
                int end = Math.Min(first + ValueTile, path.Length);
                if (end <= first)
                {
                    continue;
                }

                int last = row;
                while (row > 0 && Math.Min(first + ValueTile, paths[row - 1].Length) == end && shared[row] >= end)
                {
                    row--;
                }

                Prefetch(block.Values, path, end, ValueTile, block.HeadSize);
                BlendTile(in block, row * block.Group, (last + 1) * block.Group, first, path[first..end]);
            }
        }
    }

    /// <summary>Scores of queries [query, end) at the positions whose keys are transposed.</summary>
    private static void ScoreTile(in AttentionBlock block, int query, int end, int first) => new ProductTile
    {
        A = block.Queries + (query * (long)block.HeadSize),
        StrideA = block.HeadSize,
        B = block.TransposedKeys,
        StrideB = KeyTile,
        C = block.Scores + (query * (long)block.Stride) + first,
        StrideC = block.Stride,
        Depth = block.HeadSize,
    }.Multiply(end - query);

    /// <summary>Adds the values of some slots to the sums of queries [query, end).</summary>
    private static void BlendTile(in AttentionBlock block, int query, int end, int first, ReadOnlySpan<int> slots)
    {
        var tile = new ProductTile
        {
            A = block.Scores + (query * (long)block.Stride) + first,
            StrideA = block.Stride,
            B = AreNeighbours(slots) ? block.Values + (slots[0] * (long)block.HeadSize) : Gather(in block, slots),
            StrideB = block.HeadSize,
            C = block.Queries + (query * (long)block.HeadSize),
            StrideC = block.HeadSize,
            Depth = slots.Length,
            IsAdding = true,
        };
        for (int element = 0; element < block.HeadSize; element += ProductTile.Width)
        {
            tile.Multiply(end - query);
            tile.B += ProductTile.Width;
            tile.C += ProductTile.Width;
        }
    }

    private static bool AreNeighbours(ReadOnlySpan<int> slots)
    {
        for (int i = 1; i < slots.Length; i++)
        {
            if (slots[i] != slots[0] + i)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Values of some slots side by side.</summary>
    private static float* Gather(in AttentionBlock block, ReadOnlySpan<int> slots)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            Unsafe.CopyBlock(block.GatheredValues + (i * block.HeadSize), block.Values + (slots[i] * (long)block.HeadSize), (uint)block.HeadSize * sizeof(float));
        }

        return block.GatheredValues;
    }

    /// <summary>Asks for the rows of a path's next positions: tiles read across rows, which the processor's own prefetching does not follow.</summary>
    private static void Prefetch(float* rows, ReadOnlySpan<int> path, int first, int count, int headSize)
    {
        const int Line = 16;
        for (int i = first; Sse.IsSupported && i < Math.Min(first + count, path.Length); i++)
        {
            for (int element = 0; element < headSize; element += Line)
            {
                Sse.Prefetch0(rows + ((long)path[i] * headSize) + element);
            }
        }
    }
}
