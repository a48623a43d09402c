using System.Runtime.InteropServices;

namespace Leanserve.Engine.Knowledge.Snapshots;

/// <summary>How a snapshot file begins; tokens (int32 each) and then their rows of keys and values follow. Little-endian, as all processors that we run on.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct SnapshotHeader(ulong Magic, int Tokens, int SlotBytes, UInt128 Key, UInt128 Checksum)
{
    /// <summary>"LSKVSN01"; another layout gets another number.</summary>
    public const ulong CurrentMagic = 0x31304E53564B534C;

    public static int Size => System.Runtime.CompilerServices.Unsafe.SizeOf<SnapshotHeader>();

    public long FileBytes => Size + (Tokens * (sizeof(int) + (long)SlotBytes));
}
