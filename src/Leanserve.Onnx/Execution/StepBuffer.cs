using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>Buffers that native code reads or writes in a step.</summary>
internal static class StepBuffer
{
    /// <summary>Grows geometrically, on the heap that the garbage collector does not move. Contents are lost.</summary>
    public static void EnsureLength<T>(ref T[] buffer, int length)
        where T : unmanaged
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<T>(Math.Max(length, 2 * buffer.Length), pinned: true);
        }
    }

    /// <summary>The buffer's start as a tensor, whose elements may be of another type of the same size.</summary>
    public static unsafe OrtValue Tensor<T>(T[] buffer, TensorElementType elementType, long[] shape)
        where T : unmanaged
    {
        long elements = 1;
        foreach (long dimension in shape)
        {
            elements *= dimension;
        }

        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, elementType, shape, (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(buffer)), elements * sizeof(T));
    }
}
