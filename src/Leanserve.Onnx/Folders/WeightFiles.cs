using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Leanserve.Onnx.Protos;

namespace Leanserve.Onnx;

/// <summary>Checks that each weight is there in full, inside the model folder, and finite.</summary>
internal sealed class WeightFiles(string directory, string modelPath)
{
    private const int ReadBytes = 1 << 20;

    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);

    /// <summary>Bytes of all external files seen.</summary>
    public long ExternalBytes => _lengths.Values.Sum();

    /// <exception cref="ModelLoadException">The weight is missing, cut off, outside the folder, or not finite.</exception>
    public void Check(TensorProto tensor)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
        {
            CheckFinite(tensor, tensor.RawData.Span);
            CheckFinite(tensor, MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()));
            return;
        }

        string path = Resolve(tensor, Entry(tensor, "location"));
        long offset = Number(tensor, "offset") ?? 0;
        long length = Number(tensor, "length") ?? (_lengths[path] - offset);
        if (offset < 0 || length < 0 || offset + length > _lengths[path])
        {
            throw new ModelLoadException(
                $"{path}: weight {tensor.Name} needs bytes {offset} to {offset + length}, but the file ends at {_lengths[path]}; it is truncated, copy it again.");
        }

        CheckFinite(tensor, path, offset, length);
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

    private void CheckFinite(TensorProto tensor, string path, long offset, long length)
    {
        if (!IsFloat(tensor))
        {
            return;
        }

        using var file = File.OpenRead(path);
        file.Position = offset;
        var buffer = new byte[Math.Min(ReadBytes, length)];
        for (long left = length; left > 0;)
        {
            int count = (int)Math.Min(buffer.Length, left);
            file.ReadExactly(buffer, 0, count);
            CheckFinite(tensor, buffer.AsSpan(0, count));
            left -= count;
        }
    }

    private void CheckFinite(TensorProto tensor, ReadOnlySpan<byte> bytes)
    {
        bool finite = (TensorProto.Types.DataType)tensor.DataType switch
        {
            TensorProto.Types.DataType.Float => AllFinite(MemoryMarshal.Cast<byte, float>(bytes)),

            // An exponent of all ones is infinity or not a number.
            TensorProto.Types.DataType.Float16 => !MemoryMarshal.Cast<byte, ushort>(bytes).ContainsMasked(0x7C00),
            TensorProto.Types.DataType.Bfloat16 => !MemoryMarshal.Cast<byte, ushort>(bytes).ContainsMasked(0x7F80),
            _ => true,
        };
        if (!finite)
        {
            throw new ModelLoadException($"{modelPath}: weight {tensor.Name} holds NaN or infinity; the file is damaged or was exported wrongly.");
        }
    }

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
}
