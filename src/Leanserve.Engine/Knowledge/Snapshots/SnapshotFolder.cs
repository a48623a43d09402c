using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Leanserve.Engine.Knowledge.Snapshots;

/// <summary>
/// Snapshots of document caches in a folder that restarted servers and other replicas may share. Files are written beside and renamed into place, found by
/// what they must hold, checked in full before use, and bounded in number.
/// </summary>
/// <param name="directory">The folder; made where it does not exist.</param>
/// <param name="format">Whatever beside the tokens decides about keys and values: the model's contents, <see cref="IModelRunner.SlotFormat"/>.</param>
/// <param name="slotBytes">Bytes of one token.</param>
/// <param name="time">Clock that tells abandoned files.</param>
public sealed class SnapshotFolder(string directory, string format, int slotBytes, TimeProvider time)
{
    /// <summary>Files that are kept: that of the current documents, and that of the former ones, since an edit may be taken back.</summary>
    public const int MaxFiles = 2;

    private const string Extension = ".kv";
    private const string Unfinished = ".tmp";

    // Tokens copied at once: some milliseconds between two steps of the engine.
    private const int TokensAtOnce = 128;

    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private readonly UInt128 _formatKey = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes($"{format} {slotBytes}"));

    /// <summary>The snapshot of exactly these tokens, checked in full; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or another's; the message names it. It has been removed.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public Snapshot? Open(IReadOnlyList<int> tokens)
    {
        int[] wanted = [.. tokens];
        string path = PathOf(wanted);
        if (!File.Exists(path))
        {
            return null;
        }

        if (Fault(path, wanted, out var snapshot) is { } fault)
        {
            snapshot?.Dispose();
            File.Delete(path);
            throw new InvalidDataException($"{path}: {fault}");
        }

        // Another replica may own the file; its age is a hint for pruning only.
        Touch(path);
        return snapshot;
    }

    /// <summary>Writes the keys and values of a preloaded prefix; false where the prefix was given up meanwhile.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public async Task<bool> SaveAsync(InferenceEngine engine, string name, IReadOnlyList<int> tokens, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(engine);
        int[] all = [.. tokens];
        Directory.CreateDirectory(directory);
        string unfinished = Path.Combine(directory, $"{Guid.NewGuid():N}{Unfinished}");
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                if (!await WriteAsync(file, engine, name, all, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, PathOf(all), overwrite: true);
            Prune();
            return true;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private async Task<bool> WriteAsync(FileStream file, InferenceEngine engine, string name, int[] tokens, CancellationToken cancellationToken)
    {
        var checksum = new SnapshotChecksum();
        checksum.Add(tokens);
        file.Position = SnapshotHeader.Size;
        file.Write(MemoryMarshal.AsBytes<int>(tokens));
        var rows = new byte[TokensAtOnce * slotBytes];
        for (int first = 0; first < tokens.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = await engine.ReadPreloadedAsync(name, first, rows).ConfigureAwait(false);
            if (count == 0)
            {
                return false;
            }

            var read = rows.AsMemory(0, count * slotBytes);
            checksum.Add(read.Span);
            await file.WriteAsync(read, cancellationToken).ConfigureAwait(false);
            first += count;
        }

        var header = new SnapshotHeader(SnapshotHeader.CurrentMagic, tokens.Length, slotBytes, _formatKey, checksum.Value);
        file.Position = 0;
        file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<SnapshotHeader>(in header)));
        return true;
    }

    private string? Fault(string path, int[] tokens, out Snapshot? snapshot)
    {
        snapshot = null;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        long bytes = file.Length;
        if (bytes < SnapshotHeader.Size)
        {
            file.Dispose();
            return $"{bytes} bytes are less than a header";
        }

        snapshot = new Snapshot(file);
        var header = snapshot.Header;
        return header.Magic != SnapshotHeader.CurrentMagic ? "it is no snapshot of this version"
            : header.Key != _formatKey || header.SlotBytes != slotBytes ? "it belongs to another model or another build"
            : header.Tokens < 0 || header.FileBytes != bytes ? $"{bytes} bytes are not those of {header.Tokens} tokens; it is cut off"
            : !snapshot.Tokens.SequenceEqual(tokens) ? "it holds other documents"
            : SnapshotChecksum.Of(snapshot) != header.Checksum ? "its checksum is wrong"
            : null;
    }

    private void Prune()
    {
        var files = new DirectoryInfo(directory).GetFiles();
        foreach (var old in files.Where(file => file.Extension == Extension).OrderByDescending(file => file.LastWriteTimeUtc).Skip(MaxFiles))
        {
            old.Delete();
        }

        foreach (var abandoned in files.Where(file => file.Extension == Unfinished && time.GetUtcNow() - file.LastWriteTimeUtc > AbandonedAfter))
        {
            abandoned.Delete();
        }
    }

    private void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private string PathOf(int[] tokens)
    {
        var hash = new XxHash128();
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in _formatKey)));
        hash.Append(MemoryMarshal.AsBytes<int>(tokens));
        return Path.Combine(directory, $"{hash.GetCurrentHashAsUInt128():x32}{Extension}");
    }
}
