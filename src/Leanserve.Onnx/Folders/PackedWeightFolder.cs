using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Leanserve.Onnx.Kernels;

namespace Leanserve.Onnx;

/// <summary>
/// Weights in the layout of our own kernels, in a folder that restarted servers and other replicas may share. A file is found by what it must hold, checked
/// in full before use, written beside serving and renamed into place. A folder that cannot be used costs a line in the log and a slower start.
/// </summary>
/// <param name="directory">The folder; made where it does not exist.</param>
/// <param name="modelHash">The model's contents: <see cref="ModelFolder.HashContents"/>.</param>
/// <param name="report">Told in one line why a file is not used or not written.</param>
public sealed unsafe class PackedWeightFolder(string directory, string modelHash, Action<string> report)
{
    /// <summary>Files that are kept: this build's, and the former one's while an update rolls.</summary>
    public const int MaxFiles = 2;

    private const string Extension = ".weights";
    private const int WriteBytes = 1 << 24;

    /// <summary>Maps the matrices, or packs them and keeps what was packed.</summary>
    internal WeightMemory Provide(IReadOnlyList<WeightPacking> packings)
    {
        var key = KeyOf(packings);
        string path = Path.Combine(directory, $"{key:x32}{Extension}");
        if (TryOpen(path, key, packings) is { } mapped)
        {
            return mapped;
        }

        var packed = WeightMemory.Pack(packings);
        packed.Reading = Task.Run(() => TrySave(path, key, packed));
        return packed;
    }

    /// <remarks>The build's own id covers every change of the kernels.</remarks>
    private UInt128 KeyOf(IReadOnlyList<WeightPacking> packings)
    {
        var text = new StringBuilder($"{modelHash} {typeof(PackedWeightFolder).Assembly.ManifestModule.ModuleVersionId:N}");
        foreach (var packing in packings)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" {packing.Matrix.GetType().Name} {packing.Matrix.Outputs} {packing.Matrix.Inputs}");
        }

        return XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private WeightMemory? TryOpen(string path, UInt128 key, IReadOnlyList<WeightPacking> packings)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            if (Open(path, key, packings, out var memory) is not { } fault)
            {
                return memory;
            }

            memory?.Dispose();
            report($"{path}: {fault}; the weights are packed anew.");
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report($"{path}: packed weights cannot be used: {exception.Message}");
        }

        return null;
    }

    private static string? Open(string path, UInt128 key, IReadOnlyList<WeightPacking> packings, out WeightMemory? memory)
    {
        memory = null;
        long expected = PackedWeightHeader.Size + WeightMemory.BytesOf(packings);
        long bytes = new FileInfo(path).Length;
        if (bytes != expected)
        {
            return $"{bytes} bytes are not the {expected} of the model's packed weights";
        }

        var file = new MappedFile(path);
        var header = *(PackedWeightHeader*)file.Start;
        memory = WeightMemory.Map(file, PackedWeightHeader.Size, packings);
        return header.Magic != PackedWeightHeader.CurrentMagic || header.Key != key ? "it holds other weights"
            : header.Checksum != memory.Checksum() ? "its checksum is wrong"
            : null;
    }

    private void TrySave(string path, UInt128 key, WeightMemory memory)
    {
        // As snapshots do, so that one sweep removes what crashes have left of either.
        string unfinished = Path.Combine(directory, $"{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(directory);
            Write(unfinished, key, memory);
            File.Move(unfinished, path, overwrite: true);
            foreach (var old in new DirectoryInfo(directory).GetFiles($"*{Extension}").OrderByDescending(file => file.LastWriteTimeUtc).Skip(MaxFiles))
            {
                old.Delete();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report($"{directory}: packed weights could not be kept, so the next start packs them again: {exception.Message}");
            TryDelete(unfinished);
        }
    }

    private static void Write(string path, UInt128 key, WeightMemory memory)
    {
        using var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.Write, FileShare.None, preallocationSize: PackedWeightHeader.Size + memory.Bytes);
        var header = new PackedWeightHeader(PackedWeightHeader.CurrentMagic, key, memory.Checksum());
        RandomAccess.Write(file, MemoryMarshal.AsBytes(new ReadOnlySpan<PackedWeightHeader>(in header)), 0);
        for (long offset = 0; offset < memory.Bytes; offset += WriteBytes)
        {
            RandomAccess.Write(file, memory.Slice(offset, (int)Math.Min(WriteBytes, memory.Bytes - offset)), PackedWeightHeader.Size + offset);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
