using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Leanserve.Onnx.Kernels;

/// <summary>
/// 4-bit weights in blocks of 32 inputs, multiplied by rows in 8 bits: exact integer sums within a block, f32 across blocks. A panel holds for each block
/// 256 bytes of levels and 16 scales; a levels' byte holds in its low half an input of the block's first 16, in its high half the one 16 places later,
/// so that four successive bytes are four successive inputs of one output.
/// </summary>
/// <param name="outputs">N.</param>
/// <param name="inputs">K, a multiple of 32.</param>
internal sealed unsafe class Int4Matrix(int outputs, int inputs) : PackedMatrix(outputs, inputs, inputs / Block * (long)BlockBytes)
{
    public const int Block = 32;

    /// <summary>The level that stands for zero.</summary>
    public const int ZeroLevel = 8;

    private const int LevelBytes = PanelWidth * Block / 2;
    private const int BlockBytes = LevelBytes + (PanelWidth * sizeof(float));

    private readonly int _blocks = inputs / Block;

    /// <summary>Puts weights into their place.</summary>
    /// <param name="levels">[outputs, inputs / 32, 16]: two weights a byte, the even one in the low half, 8 standing for zero.</param>
    /// <param name="scales">[outputs, inputs / scaleBlock].</param>
    /// <param name="scaleBlock">Inputs that share a scale, a multiple of 32.</param>
    public void Pack(ReadOnlyMemory<byte> levels, ReadOnlyMemory<float> scales, int scaleBlock = Block) => Parallel.For(0, Panels * PanelWidth, output =>
    {
        for (int block = 0; block < _blocks; block++)
        {
            byte* to = Memory + (output / PanelWidth * PanelBytes) + (block * (long)BlockBytes);
            int lane = output % PanelWidth;
            bool exists = output < Outputs;
            int scale = (output * (Inputs / scaleBlock)) + (block * Block / scaleBlock);
            ((float*)(to + LevelBytes))[lane] = exists ? scales.Span[scale] : 0;
            var from = exists ? levels.Span.Slice(((output * _blocks) + block) * (Block / 2), Block / 2) : default;
            PackBlock(from, to + (lane * 4));
        }
    });

    /// <inheritdoc/>
    public override void Multiply(int panel, in RowBlock rows, float* output, int stride)
    {
        byte* weights = Memory + (panel * PanelBytes);
        int row = 0;
        for (; row + 4 <= rows.Count; row += 4)
        {
            Multiply4(weights, in rows, row, output + (row * (long)stride), stride);
            Multiply4(weights + Vector256<byte>.Count, in rows, row, output + (row * (long)stride) + Vector256<float>.Count, stride);
        }

        for (; row < rows.Count; row++)
        {
            Multiply1(weights, in rows, row, output + (row * (long)stride));
        }
    }

    /// <summary>Writes 32 weights of one output into four groups of 64 bytes, four bytes in each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackBlock(ReadOnlySpan<byte> from, byte* to)
    {
        for (int i = 0; i < Block / 2; i++)
        {
            int low = from.IsEmpty ? ZeroLevel : Level(from, i);
            int high = from.IsEmpty ? ZeroLevel : Level(from, i + (Block / 2));
            to[(i / 4 * PanelWidth * 4) + (i % 4)] = (byte)(low | (high << 4));
        }
    }

    private static int Level(ReadOnlySpan<byte> levels, int input) => (levels[input / 2] >> (4 * (input % 2))) & 0xF;

    /// <summary>Four rows by eight outputs: unpacked weights serve all four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply4(byte* weights, in RowBlock rows, int row, float* output, int stride)
    {
        int inputs = Inputs;
        int blocks = _blocks;
        sbyte* a = rows.Levels + (row * (long)inputs);
        float* scales = rows.Scales + (row * (long)blocks);
        int* offsets = rows.Offsets + (row * (long)blocks);
        var mask = Vector256.Create((byte)0xF);
        Vector256<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (int block = 0; block < blocks; block++)
        {
            var packed = Vector256.Load(weights);
            var w0 = packed & mask;
            var w4 = (packed.AsUInt16() >>> 4).AsByte() & mask;
            packed = Vector256.Load(weights + 64);
            var w1 = packed & mask;
            var w5 = (packed.AsUInt16() >>> 4).AsByte() & mask;
            packed = Vector256.Load(weights + 128);
            var w2 = packed & mask;
            var w6 = (packed.AsUInt16() >>> 4).AsByte() & mask;
            packed = Vector256.Load(weights + 192);
            var w3 = packed & mask;
            var w7 = (packed.AsUInt16() >>> 4).AsByte() & mask;
            var weightScales = Vector256.Load((float*)(weights + LevelBytes));
            f0 = Vector256.FusedMultiplyAdd(Dot(a, w0, w1, w2, w3, w4, w5, w6, w7, offsets), weightScales * Vector256.Create(scales[0]), f0);
            f1 = Vector256.FusedMultiplyAdd(
                Dot(a + inputs, w0, w1, w2, w3, w4, w5, w6, w7, offsets + blocks), weightScales * Vector256.Create(scales[blocks]), f1);
            f2 = Vector256.FusedMultiplyAdd(
                Dot(a + (2 * inputs), w0, w1, w2, w3, w4, w5, w6, w7, offsets + (2 * blocks)), weightScales * Vector256.Create(scales[2 * blocks]), f2);
            f3 = Vector256.FusedMultiplyAdd(
                Dot(a + (3 * inputs), w0, w1, w2, w3, w4, w5, w6, w7, offsets + (3 * blocks)), weightScales * Vector256.Create(scales[3 * blocks]), f3);
            weights += BlockBytes;
            a += Block;
            scales++;
            offsets++;
        }

        f0.Store(output);
        f1.Store(output + stride);
        f2.Store(output + (2 * stride));
        f3.Store(output + (3 * stride));
    }

    /// <summary>One row by a panel, reading it once from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply1(byte* weights, in RowBlock rows, int row, float* output)
    {
        int blocks = _blocks;
        sbyte* a = rows.Levels + (row * (long)Inputs);
        float* scales = rows.Scales + (row * (long)blocks);
        int* offsets = rows.Offsets + (row * (long)blocks);
        Vector256<float> f0 = default, f1 = default;
        for (int block = 0; block < blocks; block++)
        {
            var scale = Vector256.Create(scales[block]);
            f0 = Vector256.FusedMultiplyAdd(DotPacked(a, weights, offsets + block), Vector256.Load((float*)(weights + LevelBytes)) * scale, f0);
            f1 = Vector256.FusedMultiplyAdd(DotPacked(a, weights + 32, offsets + block), Vector256.Load((float*)(weights + LevelBytes + 32)) * scale, f1);
            weights += BlockBytes;
            a += Block;
        }

        f0.Store(output);
        f1.Store(output + Vector256<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> DotPacked(sbyte* a, byte* weights, int* offset)
    {
        var mask = Vector256.Create((byte)0xF);
        var p0 = Vector256.Load(weights);
        var p1 = Vector256.Load(weights + 64);
        var p2 = Vector256.Load(weights + 128);
        var p3 = Vector256.Load(weights + 192);
        return Dot(
            a,
            p0 & mask,
            p1 & mask,
            p2 & mask,
            p3 & mask,
            (p0.AsUInt16() >>> 4).AsByte() & mask,
            (p1.AsUInt16() >>> 4).AsByte() & mask,
            (p2.AsUInt16() >>> 4).AsByte() & mask,
            (p3.AsUInt16() >>> 4).AsByte() & mask,
            offset);
    }

    /// <summary>Sums of 32 products for each of eight outputs, less the offset. Levels are at most 15 and 127, so that eight pairs fit 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Dot(
        sbyte* a,
        Vector256<byte> w0,
        Vector256<byte> w1,
        Vector256<byte> w2,
        Vector256<byte> w3,
        Vector256<byte> w4,
        Vector256<byte> w5,
        Vector256<byte> w6,
        Vector256<byte> w7,
        int* offset)
    {
        Vector256<int> total;
        if (AvxVnni.IsSupported)
        {
            total = -Vector256.Create(*offset);
            total = AvxVnni.MultiplyWideningAndAdd(total, w0, Four(a));
            total = AvxVnni.MultiplyWideningAndAdd(total, w1, Four(a + 4));
            total = AvxVnni.MultiplyWideningAndAdd(total, w2, Four(a + 8));
            total = AvxVnni.MultiplyWideningAndAdd(total, w3, Four(a + 12));
            total = AvxVnni.MultiplyWideningAndAdd(total, w4, Four(a + 16));
            total = AvxVnni.MultiplyWideningAndAdd(total, w5, Four(a + 20));
            total = AvxVnni.MultiplyWideningAndAdd(total, w6, Four(a + 24));
            total = AvxVnni.MultiplyWideningAndAdd(total, w7, Four(a + 28));
        }
        else
        {
            var even = Avx2.MultiplyAddAdjacent(w0, Four(a)) + Avx2.MultiplyAddAdjacent(w1, Four(a + 4));
            var odd = Avx2.MultiplyAddAdjacent(w2, Four(a + 8)) + Avx2.MultiplyAddAdjacent(w3, Four(a + 12));
            even += Avx2.MultiplyAddAdjacent(w4, Four(a + 16));
            odd += Avx2.MultiplyAddAdjacent(w5, Four(a + 20));
            even += Avx2.MultiplyAddAdjacent(w6, Four(a + 24));
            odd += Avx2.MultiplyAddAdjacent(w7, Four(a + 28));
            total = Avx2.MultiplyAddAdjacent(even + odd, Vector256<short>.One) - Vector256.Create(*offset);
        }

        return Vector256.ConvertToSingle(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Four(sbyte* a) => Vector256.Create(*(int*)a).AsSByte();
}
