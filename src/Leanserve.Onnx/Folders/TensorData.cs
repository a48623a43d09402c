using System.Globalization;
using System.Runtime.InteropServices;
using Leanserve.Onnx.Protos;

namespace Leanserve.Onnx;

/// <summary>Reads the elements of a weight that <see cref="WeightFiles"/> has checked.</summary>
internal static class TensorData
{
    /// <param name="tensor">Of elements of type <typeparamref name="T"/>.</param>
    /// <param name="directory">The model folder, in which external data lies.</param>
    public static T[] Read<T>(TensorProto tensor, string directory)
        where T : unmanaged
    {
        var data = GC.AllocateUninitializedArray<T>(checked((int)tensor.Dims.Aggregate(1L, (product, dim) => product * dim)));
        var bytes = MemoryMarshal.AsBytes(data.AsSpan());
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
        {
            using var file = File.OpenRead(Path.Combine(directory, Entry(tensor, "location")!));
            file.Position = long.Parse(Entry(tensor, "offset") ?? "0", CultureInfo.InvariantCulture);
            file.ReadExactly(bytes);
        }
        else if (tensor.FloatData.Count > 0)
        {
            MemoryMarshal.AsBytes<float>(tensor.FloatData.ToArray()).CopyTo(bytes);
        }
        else
        {
            tensor.RawData.Span.CopyTo(bytes);
        }

        return data;
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;
}
