namespace Leanserve.Onnx.Kernels;

/// <summary>A matrix, and how its weights get into the memory where it is placed.</summary>
internal sealed record WeightPacking(PackedMatrix Matrix, Action Pack);
