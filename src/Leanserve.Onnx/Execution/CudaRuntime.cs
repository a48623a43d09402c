#if CUDA
using System.Runtime.InteropServices;

namespace Leanserve.Onnx.Execution;

/// <summary>The few calls of CUDA's runtime that the KV cache needs. Copies run on the default stream and are done when the call returns.</summary>
/// <remarks>ONNX Runtime's own stream does not wait for the default one, and has nothing left to do between two forward passes.</remarks>
internal static partial class CudaRuntime
{
    // As the pinned ONNX Runtime is linked.
    private const string Library = "libcudart.so.13";
    private const int OutOfMemory = 2;
    private const int AnyDirection = 4;

    /// <exception cref="ModelLoadException">The GPU has less memory left.</exception>
    public static nint Allocate(long bytes)
    {
        int status = Malloc(out nint pointer, (nuint)bytes);
        if (status == OutOfMemory)
        {
            _ = GetLastError();
            Require(MemoryInfo(out nuint free, out nuint total));
            throw new ModelLoadException(
                $"A KV cache of {bytes / 1e9:0.00} GB does not fit the GPU: {free / 1e9:0.00} of {total / 1e9:0.00} GB are left; "
                + "set fewer kvSlots, or use a GPU with more memory.");
        }

        Require(status);
        return pointer;
    }

    public static void Free(nint pointer) => Require(FreeMemory(pointer));

    /// <summary>Copies rows of a matrix, within the GPU or to or from host memory.</summary>
    /// <param name="to">First row's start.</param>
    /// <param name="toPitch">Bytes from one row to the next.</param>
    /// <param name="from">First row's start.</param>
    /// <param name="fromPitch">Bytes from one row to the next.</param>
    /// <param name="width">Bytes to copy of each row.</param>
    /// <param name="rows">How many rows.</param>
    public static void CopyRows(nint to, long toPitch, nint from, long fromPitch, long width, long rows)
    {
        Require(Copy2D(to, (nuint)toPitch, from, (nuint)fromPitch, (nuint)width, (nuint)rows, AnyDirection));
        Require(Synchronize());
    }

    private static void Require(int status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"CUDA: {Marshal.PtrToStringUTF8(ErrorString(status))} (error {status}).");
        }
    }

    [LibraryImport(Library, EntryPoint = "cudaMalloc")]
    private static partial int Malloc(out nint pointer, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cudaFree")]
    private static partial int FreeMemory(nint pointer);

    [LibraryImport(Library, EntryPoint = "cudaMemGetInfo")]
    private static partial int MemoryInfo(out nuint free, out nuint total);

    [LibraryImport(Library, EntryPoint = "cudaMemcpy2D")]
    private static partial int Copy2D(nint to, nuint toPitch, nint from, nuint fromPitch, nuint width, nuint height, int kind);

    [LibraryImport(Library, EntryPoint = "cudaDeviceSynchronize")]
    private static partial int Synchronize();

    [LibraryImport(Library, EntryPoint = "cudaGetLastError")]
    private static partial int GetLastError();

    [LibraryImport(Library, EntryPoint = "cudaGetErrorString")]
    private static partial nint ErrorString(int status);
}
#endif
