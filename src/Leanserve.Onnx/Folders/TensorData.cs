using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Leanserve.Onnx.Protos;

namespace Leanserve.Onnx;

/// <summary>
/// The elements of a weight that <see cref="WeightFiles"/> has checked: where they lie in their file, whose pages the system may take back, or copied from the
/// model file.
/// </summary>
/// <typeparam name="T">As the tensor's elements are stored.</typeparam>
internal sealed unsafe class TensorData<T> : MemoryManager<T>
    where T : unmanaged
{
    private readonly T[]? _copy;
    private readonly MappedFile? _file;
    private readonly byte* _start;
    private readonly int _length;

    /// <param name="tensor">Of elements of type <typeparamref name="T"/>.</param>
    /// <param name="directory">The model folder, in which external data lies.</param>
    public TensorData(TensorProto tensor, string directory)
    {
        _length = checked((int)tensor.Dims.Aggregate(1L, (product, dim) => product * dim));
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
        {
            _file = new MappedFile(Path.Combine(directory, Entry(tensor, "location")!));
            _start = _file.Start + long.Parse(Entry(tensor, "offset") ?? "0", CultureInfo.InvariantCulture);
        }
        else
        {
            _copy = tensor.FloatData.Count > 0
                ? MemoryMarshal.Cast<float, T>(tensor.FloatData.ToArray()).ToArray()
                : MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray();
        }
    }

    /// <inheritdoc/>
    public override Span<T> GetSpan() => _copy ?? new Span<T>(_start, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("Elements are read in place.");

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file?.Dispose();

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;
}
