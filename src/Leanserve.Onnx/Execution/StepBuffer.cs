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
}
