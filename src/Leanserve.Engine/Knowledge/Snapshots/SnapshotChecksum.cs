using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Leanserve.Engine.Knowledge.Snapshots;

/// <summary>The checksum over a snapshot's tokens and rows.</summary>
internal sealed class SnapshotChecksum
{
    // Whatever is mapped is taken in pieces that a span can hold.
    private const int RowsAtOnce = 1024;

    private readonly XxHash128 _hash = new();

    public void Add(ReadOnlySpan<int> tokens) => _hash.Append(MemoryMarshal.AsBytes(tokens));

    public void Add(ReadOnlySpan<byte> rows) => _hash.Append(rows);

    public UInt128 Value => _hash.GetCurrentHashAsUInt128();

    public static UInt128 Of(Snapshot snapshot)
    {
        var checksum = new SnapshotChecksum();
        checksum.Add(snapshot.Tokens);
        for (int first = 0; first < snapshot.Header.Tokens; first += RowsAtOnce)
        {
            checksum.Add(snapshot.Rows(first, Math.Min(RowsAtOnce, snapshot.Header.Tokens - first)));
        }

        return checksum.Value;
    }
}
