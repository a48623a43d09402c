using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Leanserve.Engine.Knowledge;

/// <summary>
/// The vectors of an index in one file, so that a restart embeds nothing again. Layout, little-endian: magic, dimensions, count, the model's key, the
/// checksum of the rest; then count keys (16 bytes each), then their vectors (float32).
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">See <see cref="IEmbedder.Fingerprint"/>.</param>
/// <param name="dimensions">See <see cref="IEmbedder.Dimensions"/>.</param>
public sealed class VectorFile(string path, string fingerprint, int dimensions)
{
    // "LSVECT01"; another layout gets another number.
    private const ulong Magic = 0x3130544345565349;

    private readonly UInt128 model = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(fingerprint));

    /// <summary>The vectors by their text's key; empty where there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or another model's; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyDictionary<UInt128, float[]> Read()
    {
        if (!File.Exists(path))
        {
            return new Dictionary<UInt128, float[]>();
        }

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < Header.Size)
        {
            throw new InvalidDataException($"{path}: {bytes.Length} bytes are less than a header.");
        }

        var header = MemoryMarshal.Read<Header>(bytes);
        var fault = header.Magic != Magic ? "it is no file of vectors of this version"
            : header.Model != model || header.Dimensions != dimensions ? "it belongs to another embedding model"
            : header.Count < 0 || header.FileBytes != bytes.Length ? $"{bytes.Length} bytes are not those of {header.Count} vectors; it is cut off"
            : XxHash128.HashToUInt128(bytes.AsSpan(Header.Size)) != header.Checksum ? "its checksum is wrong"
            : null;
        return fault is null ? Parse(bytes.AsSpan(Header.Size), header.Count) : throw new InvalidDataException($"{path}: {fault}.");
    }

    /// <summary>Writes the vectors beside and renames them into place.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void Write(IReadOnlyDictionary<UInt128, float[]> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var header = new Header(Magic, dimensions, vectors.Count, model, default);
        var bytes = new byte[header.FileBytes];
        var keys = MemoryMarshal.Cast<byte, UInt128>(bytes.AsSpan(Header.Size))[..vectors.Count];
        var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(Header.Size + MemoryMarshal.AsBytes(keys).Length));
        var row = 0;
        foreach (var (key, vector) in vectors)
        {
            keys[row] = key;
            vector.CopyTo(values[(row * dimensions)..]);
            row++;
        }

        header = header with { Checksum = XxHash128.HashToUInt128(bytes.AsSpan(Header.Size)) };
        MemoryMarshal.Write(bytes, in header);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private Dictionary<UInt128, float[]> Parse(ReadOnlySpan<byte> body, int count)
    {
        var keys = MemoryMarshal.Cast<byte, UInt128>(body)[..count];
        var values = MemoryMarshal.Cast<byte, float>(body[MemoryMarshal.AsBytes(keys).Length..]);
        var vectors = new Dictionary<UInt128, float[]>(count);
        for (var row = 0; row < count; row++)
        {
            vectors[keys[row]] = values.Slice(row * dimensions, dimensions).ToArray();
        }

        return vectors;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Header(ulong Magic, int Dimensions, int Count, UInt128 Model, UInt128 Checksum)
    {
        public static int Size => System.Runtime.CompilerServices.Unsafe.SizeOf<Header>();

        public long FileBytes => Size + (Count * (16L + ((long)Dimensions * sizeof(float))));
    }
}
