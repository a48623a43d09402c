using System.Runtime.InteropServices;

namespace Leanserve.Onnx.Kernels;

/// <summary>
/// Memory for what every step reads in full, weights, keys and values: in pages of 2 MB where Linux offers them, since the processor's table of pages of
/// 4 kB ends long before such memory does.
/// </summary>
internal static unsafe partial class LargePages
{
    private const nuint PageBytes = 1 << 21;
    private const int CacheLine = 64;

    /// <summary>MADV_HUGEPAGE of Linux' madvise(2).</summary>
    private const int AdviseLargePages = 14;

    /// <summary>Uninitialised, on a cache line at least; to be given back by <see cref="NativeMemory.AlignedFree"/>.</summary>
    public static byte* Allocate(long bytes)
    {
        bool isLarge = (nuint)bytes >= PageBytes;
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, isLarge ? PageBytes : CacheLine);
        if (isLarge && OperatingSystem.IsLinux())
        {
            // Advice: where it is not taken, memory is as usual.
            _ = Advise(memory, (nuint)bytes / PageBytes * PageBytes, AdviseLargePages);
        }

        return memory;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
