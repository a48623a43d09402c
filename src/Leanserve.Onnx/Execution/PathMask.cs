using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>Paths as an additive mask [1, 1, S, slots]: 0 where a row's path leads, −∞ elsewhere.</summary>
internal abstract class PathMask
{
    /// <param name="elementType">f32, f16 or bf16.</param>
    public static PathMask Of(TensorElementType elementType) => elementType switch
    {
        TensorElementType.Float => new Bits<float>(elementType, float.NegativeInfinity),
        TensorElementType.Float16 => new Bits<ushort>(elementType, 0xFC00),
        TensorElementType.BFloat16 => new Bits<ushort>(elementType, 0xFF80),
        _ => throw new ModelLoadException($"The model's attention takes a mask of {elementType}; this runtime knows Float, Float16 and BFloat16."),
    };

    /// <summary>The mask of a step, valid until the next one.</summary>
    /// <param name="paths">Slots that each row may attend to.</param>
    /// <param name="width">Slots in use, the step's own included.</param>
    public abstract OrtValue Fill(ReadOnlySpan<ReadOnlyMemory<int>> paths, int width);

    /// <summary>A mask over the bits of a number.</summary>
    private sealed class Bits<T>(TensorElementType elementType, T hidden) : PathMask
        where T : unmanaged
    {
        private T[] _mask = [];

        /// <inheritdoc/>
        public override OrtValue Fill(ReadOnlySpan<ReadOnlyMemory<int>> paths, int width)
        {
            int length = checked(paths.Length * width);
            StepBuffer.EnsureLength(ref _mask, length);
            _mask.AsSpan(0, length).Fill(hidden);
            for (int row = 0; row < paths.Length; row++)
            {
                var mask = _mask.AsSpan(row * width, width);
                foreach (int slot in paths[row].Span)
                {
                    mask[slot] = default;
                }
            }

            return StepBuffer.Tensor(_mask, elementType, [1, 1, paths.Length, width]);
        }
    }
}
