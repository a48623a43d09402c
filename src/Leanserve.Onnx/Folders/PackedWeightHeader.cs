using System.Runtime.InteropServices;

namespace Leanserve.Onnx;

/// <summary>How a file of packed weights begins; matrices follow on the next cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal readonly record struct PackedWeightHeader(ulong Magic, UInt128 Key, UInt128 Checksum)
{
    /// <summary>"LSWGHT01"; another layout of the file gets another number.</summary>
    public const ulong CurrentMagic = 0x3130544847574C53;

    public const int Size = 64;
}
