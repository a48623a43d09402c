using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Leanserve.Onnx.Kernels;

/// <summary>
/// C = A · B or C += A · B for some rows and sixteen columns: what multiplication by weights, scores and sums of values are all made of. Each element of C
/// is one sum in order of the depth, in a vector lane of its own, however many rows are computed at once.
/// </summary>
internal unsafe struct ProductTile
{
    /// <summary>Columns of B and C: a cache line of f32.</summary>
    public const int Width = 16;

    /// <summary>Rows whose sums fit into sixteen registers, with two vectors of columns each and what they need.</summary>
    private const int MaxRows = 6;

    /// <summary>[rows, Depth].</summary>
    public float* A;

    public long StrideA;

    /// <summary>[Depth, Width].</summary>
    public float* B;

    public long StrideB;

    /// <summary>[rows, Width].</summary>
    public float* C;

    public long StrideC;

    public int Depth;

    /// <summary>Whether the products are added to what is in C.</summary>
    public bool IsAdding;

    /// <summary>How far ahead of B's rows memory is asked for, in elements.</summary>
    public long Ahead;

    /// <summary>Computes the first <paramref name="rows"/> rows, in parts of nearly the same size: fewer than four at once leave the processor waiting for sums.</summary>
    public readonly void Multiply(int rows)
    {
        var part = this;
        for (int left = rows, count; left > 0; left -= count)
        {
            int parts = (left + MaxRows - 1) / MaxRows;
            count = (left + parts - 1) / parts;
            switch (count)
            {
                case 1:
                    Multiply<One>(in part);
                    break;
                case 2:
                    Multiply<Two>(in part);
                    break;
                case 3:
                    Multiply<Three>(in part);
                    break;
                case 4:
                    Multiply<Four>(in part);
                    break;
                case 5:
                    Multiply<Five>(in part);
                    break;
                default:
                    Multiply<Six>(in part);
                    break;
            }

            part.A += count * StrideA;
            part.C += count * StrideC;
        }
    }

    /// <summary>The compiler makes one method for each number of rows and leaves the other rows' lines out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TRows>(in ProductTile tile)
        where TRows : struct, IRows
    {
        Vector256<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default;
        Vector256<float> h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default;
        float* c = tile.C;
        long stride = tile.StrideC;
        if (tile.IsAdding)
        {
            Load<TRows>(0, c, ref l0, ref h0);
            Load<TRows>(1, c + stride, ref l1, ref h1);
            Load<TRows>(2, c + (2 * stride), ref l2, ref h2);
            Load<TRows>(3, c + (3 * stride), ref l3, ref h3);
            Load<TRows>(4, c + (4 * stride), ref l4, ref h4);
            Load<TRows>(5, c + (5 * stride), ref l5, ref h5);
        }

        float* a = tile.A;
        long strideA = tile.StrideA;
        float* a3 = a + (3 * strideA);
        float* b = tile.B;
        long strideB = tile.StrideB;
        long ahead = tile.Ahead;
        for (float* end = a + tile.Depth; a < end; a++, a3++, b += strideB)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(b + ahead);
            }

            var low = Vector256.Load(b);
            var high = Vector256.Load(b + 8);
            Add<TRows>(0, a, low, high, ref l0, ref h0);
            Add<TRows>(1, a + strideA, low, high, ref l1, ref h1);
            Add<TRows>(2, a + (2 * strideA), low, high, ref l2, ref h2);
            Add<TRows>(3, a3, low, high, ref l3, ref h3);
            Add<TRows>(4, a3 + strideA, low, high, ref l4, ref h4);
            Add<TRows>(5, a3 + (2 * strideA), low, high, ref l5, ref h5);
        }

        Store<TRows>(0, c, l0, h0);
        Store<TRows>(1, c + stride, l1, h1);
        Store<TRows>(2, c + (2 * stride), l2, h2);
        Store<TRows>(3, c + (3 * stride), l3, h3);
        Store<TRows>(4, c + (4 * stride), l4, h4);
        Store<TRows>(5, c + (5 * stride), l5, h5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TRows>(int row, float* from, ref Vector256<float> low, ref Vector256<float> high)
        where TRows : struct, IRows
    {
        if (row < TRows.Count)
        {
            low = Vector256.Load(from);
            high = Vector256.Load(from + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TRows>(int row, float* a, Vector256<float> low, Vector256<float> high, ref Vector256<float> lowSum, ref Vector256<float> highSum)
        where TRows : struct, IRows
    {
        if (row < TRows.Count)
        {
            var x = Vector256.Create(*a);
            lowSum = Vector256.FusedMultiplyAdd(x, low, lowSum);
            highSum = Vector256.FusedMultiplyAdd(x, high, highSum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows>(int row, float* to, Vector256<float> low, Vector256<float> high)
        where TRows : struct, IRows
    {
        if (row < TRows.Count)
        {
            low.Store(to);
            high.Store(to + 8);
        }
    }

    private interface IRows
    {
        static abstract int Count { get; }
    }

    private readonly struct One : IRows
    {
        public static int Count => 1;
    }

    private readonly struct Two : IRows
    {
        public static int Count => 2;
    }

    private readonly struct Three : IRows
    {
        public static int Count => 3;
    }

    private readonly struct Four : IRows
    {
        public static int Count => 4;
    }

    private readonly struct Five : IRows
    {
        public static int Count => 5;
    }

    private readonly struct Six : IRows
    {
        public static int Count => 6;
    }
}
