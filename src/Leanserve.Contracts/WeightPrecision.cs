namespace Leanserve.Contracts;

/// <summary>How a model's matrix weights are stored. Activations and the KV cache may use another type.</summary>
public enum WeightPrecision
{
    Float32,
    Float16,
    BFloat16,
    Int8,
    Int4,
}

/// <summary>Bytes that a precision takes.</summary>
public static class WeightPrecisionSize
{
    /// <summary>Elements that share one scale in a block-quantised weight (MatMulNBits' usual block).</summary>
    public const int QuantizationBlock = 32;

    /// <summary>Bits per weight, the shared block scale included for the quantised precisions (one 16-bit scale a block).</summary>
    public static double BitsPerWeight(this WeightPrecision precision) => precision switch
    {
        WeightPrecision.Float32 => 32,
        WeightPrecision.Float16 or WeightPrecision.BFloat16 => 16,
        WeightPrecision.Int8 => 8 + (16.0 / QuantizationBlock),
        WeightPrecision.Int4 => 4 + (16.0 / QuantizationBlock),
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Not a weight precision."),
    };
}
