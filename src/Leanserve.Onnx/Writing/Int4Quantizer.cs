using Leanserve.Contracts;

namespace Leanserve.Onnx.Writing;

/// <summary>Symmetric 4-bit quantisation in blocks of 32 inputs, in the layout of <c>com.microsoft.MatMulNBits</c> (zero point 8).</summary>
public static class Int4Quantizer
{
    private const int Block = WeightPrecisionSize.QuantizationBlock;

    /// <summary>Quantises a matrix.</summary>
    /// <param name="weights">Row-major [outputs, inputs]; inputs a multiple of 32.</param>
    /// <param name="packed">[outputs, inputs / 32, 16]: two weights a byte, the even one in the low half.</param>
    /// <param name="scales">[outputs, inputs / 32].</param>
    public static void Quantize(ReadOnlySpan<float> weights, Span<byte> packed, Span<float> scales)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length % Block, 0, nameof(weights));
        for (int b = 0; b < weights.Length / Block; b++)
        {
            var block = weights.Slice(b * Block, Block);
            float extreme = SignedExtreme(block);

            // The largest weight becomes −8, the one end of the range that is exact.
            float scale = extreme / -8;
            float inverse = scale == 0 ? 0 : 1 / scale;
            scales[b] = scale;
            var bytes = packed.Slice(b * Block / 2, Block / 2);
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(Level(block[2 * i] * inverse) | (Level(block[(2 * i) + 1] * inverse) << 4));
            }
        }
    }

    private static int Level(float scaled) => Math.Clamp((int)MathF.Round(scaled) + 8, 0, 15);

    private static float SignedExtreme(ReadOnlySpan<float> block)
    {
        float extreme = 0;
        foreach (float weight in block)
        {
            extreme = MathF.Abs(weight) > MathF.Abs(extreme) ? weight : extreme;
        }

        return extreme;
    }
}
