namespace Leanserve.Onnx.Kernels;

/// <summary>Rows to be multiplied: as they are, or in 8 bits with one scale for each row and block of 32 inputs.</summary>
internal unsafe struct RowBlock
{
    public int Count;

    /// <summary>[Count, inputs] f32.</summary>
    public float* Values;

    /// <summary>[Count, inputs] int8 in −127 … 127.</summary>
    public sbyte* Levels;

    /// <summary>[Count, inputs / 32].</summary>
    public float* Scales;

    /// <summary>[Count, inputs / 32] sums of a block's levels, times the level that stands for zero among weights.</summary>
    public int* Offsets;
}
