using Leanserve.Onnx.Kernels;

namespace Leanserve.Onnx.Execution;

/// <summary>What one node multiplies by: matrices that take the same input.</summary>
/// <param name="Matrices">All of one kind.</param>
/// <param name="IsGated">Whether there are two, a gate and what it lets through: the node's only output is silu(x · gate) ∘ (x · up).</param>
internal sealed record Projection(IReadOnlyList<PackedMatrix> Matrices, bool IsGated)
{
    public int Inputs => Matrices[0].Inputs;

    /// <summary>Whether rows are put into 8 bits first.</summary>
    public bool IsQuantized => Matrices[0] is Int4Matrix;
}
