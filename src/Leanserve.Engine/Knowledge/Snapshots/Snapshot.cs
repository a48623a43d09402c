using System.IO.MemoryMappedFiles;

namespace Leanserve.Engine.Knowledge.Snapshots;

/// <summary>Keys and values of a token prefix in a file, mapped into memory. Removing or replacing the file leaves the mapping as it is.</summary>
public sealed unsafe class Snapshot : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    internal Snapshot(FileStream file)
    {
        Path = file.Name;
        _file = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        Header = *(SnapshotHeader*)_start;
    }

    public string Path { get; }

    internal SnapshotHeader Header { get; }

    internal ReadOnlySpan<int> Tokens => new(_start + SnapshotHeader.Size, Header.Tokens);

    /// <summary>[count, SlotBytes] of the tokens from <paramref name="first"/> on.</summary>
    public ReadOnlySpan<byte> Rows(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, Header.Tokens);
        long offset = SnapshotHeader.Size + ((long)Header.Tokens * sizeof(int)) + ((long)first * Header.SlotBytes);
        return new ReadOnlySpan<byte>(_start + offset, checked(count * Header.SlotBytes));
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
