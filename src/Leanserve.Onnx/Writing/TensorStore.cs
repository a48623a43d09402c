using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Leanserve.Onnx.Protos;

namespace Leanserve.Onnx.Writing;

/// <summary>Puts tensor data into the model file, or past a size into one file beside it, which the runtime maps instead of reading.</summary>
internal sealed class TensorStore : IDisposable
{
    /// <summary>Tensors below this stay in the model file, so that shape inference sees small constants.</summary>
    private const int InlineBytes = 4096;

    /// <summary>Page size, so that tensors can be mapped where they lie.</summary>
    private const int Alignment = 4096;

    private readonly FileStream? _external;

    /// <param name="externalPath">The file for large tensors, or null to keep all in the model file.</param>
    public TensorStore(string? externalPath)
    {
        _external = externalPath is null ? null : new FileStream(externalPath, FileMode.Create, FileAccess.Write);
    }

    public TensorProto Create<T>(string name, TensorProto.Types.DataType type, ReadOnlySpan<T> data, params ReadOnlySpan<long> dims)
        where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        foreach (long dim in dims)
        {
            tensor.Dims.Add(dim);
        }

        var bytes = MemoryMarshal.AsBytes(data);
        if (_external is null || bytes.Length < InlineBytes)
        {
            tensor.RawData = ByteString.CopyFrom(bytes);
            return tensor;
        }

        _external.Position = (_external.Position + Alignment - 1) / Alignment * Alignment;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(Entry("location", Path.GetFileName(_external.Name)));
        tensor.ExternalData.Add(Entry("offset", _external.Position.ToString(CultureInfo.InvariantCulture)));
        tensor.ExternalData.Add(Entry("length", bytes.Length.ToString(CultureInfo.InvariantCulture)));
        _external.Write(bytes);
        return tensor;
    }

    public void Dispose() => _external?.Dispose();

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
