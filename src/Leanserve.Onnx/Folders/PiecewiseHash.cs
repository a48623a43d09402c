using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Leanserve.Onnx;

/// <summary>XXH3 over the XXH3s of pieces, which all processors work on: some 20 GB/s where one would do half.</summary>
internal static unsafe class PiecewiseHash
{
    private const int PieceBytes = 1 << 24;

    public static UInt128 Of(byte* start, long bytes)
    {
        var pieces = new UInt128[(bytes + PieceBytes - 1) / PieceBytes];
        Parallel.For(0, pieces.Length, piece =>
        {
            long offset = piece * (long)PieceBytes;
            pieces[piece] = XxHash128.HashToUInt128(new ReadOnlySpan<byte>(start + offset, (int)Math.Min(PieceBytes, bytes - offset)));
        });
        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(pieces.AsSpan()));
    }
}
