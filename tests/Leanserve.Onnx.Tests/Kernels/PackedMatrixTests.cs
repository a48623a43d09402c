using CsCheck;
using Leanserve.Onnx.Kernels;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests.Kernels;

public sealed class PackedMatrixTests
{
    private static readonly Gen<(int Outputs, int Blocks, int Rows, int Seed)> Cases =
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 20], Gen.Int[2, 23], Gen.Int[0, 1000]);

    [Fact]
    public void Multiply_RowsTogether_GiveEachRowItsBitsAlone() => Cases.Sample(
        c =>
        {
            foreach (var create in new[] { Floats, Int4 })
            {
                using var sample = new MultiplyCase(create, c.Outputs, c.Blocks * 32, c.Rows, c.Seed);
                float[] together = sample.Multiply(0, c.Rows);
                for (int row = 0; row < c.Rows; row++)
                {
                    Assert.Equal(sample.Multiply(row, 1), together[(row * c.Outputs)..((row + 1) * c.Outputs)]);
                }
            }
        },
        iter: 40);

    [Fact]
    public void FloatMatrix_AgainstDoubles_DiffersByRounding() => Cases.Sample(
        c =>
        {
            using var sample = new MultiplyCase(Floats, c.Outputs, c.Blocks * 32, c.Rows, c.Seed);
            Assert.True(sample.RelativeError(c.Rows) < 1e-5);
        },
        iter: 40);

    [Fact]
    public void Int4Matrix_AgainstDequantisedDoubles_DiffersByEightBitsOfTheRows() => Cases.Sample(
        c =>
        {
            using var sample = new MultiplyCase(Int4, c.Outputs, c.Blocks * 32, c.Rows, c.Seed);
            Assert.True(sample.RelativeError(c.Rows) < 2e-2);
        },
        iter: 40);

    private static (WeightPacking Packing, float[] Exact) Floats(float[] weights, int outputs, int inputs)
    {
        var matrix = new FloatMatrix(outputs, inputs);
        return (new WeightPacking(matrix, () => matrix.Pack(weights, isTransposed: true)), weights);
    }

    private static (WeightPacking Packing, float[] Exact) Int4(float[] weights, int outputs, int inputs)
    {
        var levels = new byte[weights.Length / 2];
        var scales = new float[weights.Length / 32];
        Int4Quantizer.Quantize(weights, levels, scales);
        float[] exact = [.. weights.Select((_, i) => (((levels[i / 2] >> (4 * (i % 2))) & 15) - 8) * scales[i / 32])];
        var matrix = new Int4Matrix(outputs, inputs);
        return (new WeightPacking(matrix, () => matrix.Pack(levels, scales)), exact);
    }
}
