using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Leanserve.Onnx.Protos;

namespace Leanserve.Onnx;

/// <summary>Checks that each weight is there in full, as its shape says, inside the model folder, and finite.</summary>
internal sealed class WeightFiles(string directory, string modelPath)
{
    /// <summary>What one processor checks at a time.</summary>
    private const int PieceBytes = 1 << 24;

    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);

    /// <summary>Bytes of all external files seen.</summary>
    public long ExternalBytes => _lengths.Values.Sum();

    /// <exception cref="ModelLoadException">A weight is missing, cut off, outside the folder, or not finite.</exception>
    public void Check(IEnumerable<TensorProto> tensors)
    {
        List<Piece> pieces = [];
        foreach (var tensor in tensors)
        {
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            {
                Locate(tensor, pieces);
            }
            else
            {
                CheckInline(tensor);
            }
        }

        foreach (var file in pieces.GroupBy(piece => piece.Path))
        {
            CheckFinite(file.Key, [.. file]);
        }
    }

    private void CheckInline(TensorProto tensor)
    {
        CheckShape(tensor, modelPath, tensor.RawData.Length + (tensor.FloatData.Count * sizeof(float)) + (tensor.Int32Data.Count * (long)ElementBytes(tensor)));
        if (!IsFinite(tensor, tensor.RawData.Span) || !IsFinite(tensor, MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray())))
        {
            throw NotFinite(tensor);
        }
    }

    private static void CheckShape(TensorProto tensor, string path, long bytes)
    {
        if (bytes < tensor.Dims.Aggregate((long)ElementBytes(tensor), (product, dim) => checked(product * dim)))
        {
            throw new ModelLoadException(
                $"{path}: weight {tensor.Name} has {bytes} bytes, too few for its shape [{string.Join(", ", tensor.Dims)}]; export the model again.");
        }
    }

    private void Locate(TensorProto tensor, List<Piece> pieces)
    {
        string path = Resolve(tensor, Entry(tensor, "location"));
        long offset = Number(tensor, "offset") ?? 0;
        long length = Number(tensor, "length") ?? (_lengths[path] - offset);
        if (offset < 0 || length < 0 || offset + length > _lengths[path])
        {
            throw new ModelLoadException(
                $"{path}: weight {tensor.Name} needs bytes {offset} to {offset + length}, but the file ends at {_lengths[path]}; it is truncated, copy it again.");
        }

        CheckShape(tensor, path, length);
        for (long done = 0; IsFloat(tensor) && done < length; done += PieceBytes)
        {
            pieces.Add(new Piece(tensor, path, offset + done, (int)Math.Min(PieceBytes, length - done)));
        }
    }

    /// <summary>At the speed of memory where the system has the file cached.</summary>
    private unsafe void CheckFinite(string path, List<Piece> pieces)
    {
        using var file = new MappedFile(path);
        byte* start = file.Start;
        TensorProto? broken = null;
        Parallel.ForEach(pieces, piece =>
        {
            if (!IsFinite(piece.Tensor, new ReadOnlySpan<byte>(start + piece.Offset, piece.Bytes)))
            {
                broken = piece.Tensor;
            }
        });
        if (broken is not null)
        {
            throw NotFinite(broken);
        }
    }

    private string Resolve(TensorProto tensor, string? location)
    {
        if (string.IsNullOrEmpty(location))
        {
            throw new ModelLoadException($"{modelPath}: weight {tensor.Name} is external but names no file; export the model again.");
        }

        string root = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;
        string path = Path.GetFullPath(Path.Combine(root, location));
        if (!path.StartsWith(root, StringComparison.Ordinal))
        {
            throw new ModelLoadException($"{modelPath}: weight {tensor.Name} points at '{location}', outside the model folder; such a model is refused.");
        }

        if (!File.Exists(path))
        {
            throw new ModelLoadException($"{path}: there is no such file, but weight {tensor.Name} of {Path.GetFileName(modelPath)} lies in it.");
        }

        _lengths.TryAdd(path, new FileInfo(path).Length);
        return path;
    }

    private static bool IsFinite(TensorProto tensor, ReadOnlySpan<byte> bytes) => (TensorProto.Types.DataType)tensor.DataType switch
    {
        TensorProto.Types.DataType.Float => AllFinite(MemoryMarshal.Cast<byte, float>(bytes)),

        // An exponent of all ones is infinity or not a number.
        TensorProto.Types.DataType.Float16 => !MemoryMarshal.Cast<byte, ushort>(bytes).ContainsMasked(0x7C00),
        TensorProto.Types.DataType.Bfloat16 => !MemoryMarshal.Cast<byte, ushort>(bytes).ContainsMasked(0x7F80),
        _ => true,
    };

    private ModelLoadException NotFinite(TensorProto tensor) =>
        new($"{modelPath}: weight {tensor.Name} holds NaN or infinity; the file is damaged or was exported wrongly.");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        // 0 · x is 0 for finite x and NaN otherwise, and NaN survives every addition.
        var sum = Vector<float>.Zero;
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= values.Length - width; i += width)
        {
            sum += new Vector<float>(values[i..]) * 0f;
        }

        float rest = Vector.Sum(sum);
        for (; i < values.Length; i++)
        {
            rest += values[i] * 0f;
        }

        return rest == 0;
    }

    private static bool IsFloat(TensorProto tensor) => (TensorProto.Types.DataType)tensor.DataType
        is TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Float16 or TensorProto.Types.DataType.Bfloat16;

    // Of other types, ONNX Runtime checks the size.
    private static int ElementBytes(TensorProto tensor) => (TensorProto.Types.DataType)tensor.DataType switch
    {
        TensorProto.Types.DataType.Float => sizeof(float),
        TensorProto.Types.DataType.Float16 or TensorProto.Types.DataType.Bfloat16 => sizeof(ushort),
        TensorProto.Types.DataType.Uint8 => sizeof(byte),
        _ => 0,
    };

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private long? Number(TensorProto tensor, string key)
    {
        string? text = Entry(tensor, key);
        if (text is null)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ModelLoadException($"{modelPath}: weight {tensor.Name} has the {key} '{text}', which is no number.");
    }

    private sealed record Piece(TensorProto Tensor, string Path, long Offset, int Bytes);
}
