using System.Globalization;
using Google.Protobuf;
using Leanserve.Contracts;
using Leanserve.Onnx.Protos;

namespace Leanserve.Onnx;

/// <summary>A parsed and checked ONNX file; external data stays on disk.</summary>
internal sealed class OnnxModelFile
{
    /// <summary>Opsets of ONNX's own domain that the graph edits and the runtime know.</summary>
    private const int LowestOpset = 13;
    private const int HighestOpset = 23;

    public required string Path { get; init; }

    public required ModelProto Model { get; init; }

    /// <summary>Weights: elements of all initialisers that are matrices or norms, 4-bit blocks counted as the weights they hold.</summary>
    public required long Parameters { get; init; }

    public required WeightPrecision Precision { get; init; }

    /// <summary>Bytes of the file and its external data.</summary>
    public required long Bytes { get; init; }

    /// <exception cref="ModelLoadException">The file is missing, truncated, of an unknown opset, or its weights are missing or not finite.</exception>
    public static OnnxModelFile Read(string directory, string fileName, int lowestOpset = LowestOpset)
    {
        string path = System.IO.Path.Combine(directory, fileName);
        if (!File.Exists(path))
        {
            throw new ModelLoadException($"{path}: there is no such file; the folder must hold the ONNX model.");
        }

        var model = Parse(path);
        CheckOpset(path, model, lowestOpset);
        var weights = new WeightFiles(directory, path);
        weights.Check(model.Graph.Initializer);
        return new OnnxModelFile
        {
            Path = path,
            Model = model,
            Parameters = CountParameters(model.Graph),
            Precision = PrecisionOf(model.Graph),
            Bytes = new FileInfo(path).Length + weights.ExternalBytes,
        };
    }

    private static ModelProto Parse(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var model = ModelProto.Parser.ParseFrom(file);
            return model.Graph is { Node.Count: > 0 }
                ? model
                : throw new ModelLoadException($"{path}: the file holds no graph; it is empty, truncated or no ONNX model.");
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ModelLoadException($"{path}: truncated or no ONNX model ({exception.Message}); copy it again.", exception);
        }
    }

    private static void CheckOpset(string path, ModelProto model, int lowest)
    {
        var opset = model.OpsetImport.FirstOrDefault(import => import.Domain is "" or "ai.onnx");
        if (opset is null || opset.Version < lowest || opset.Version > HighestOpset)
        {
            string version = opset is null ? "none" : opset.Version.ToString(CultureInfo.InvariantCulture);
            throw new ModelLoadException($"{path}: opset {version} of ONNX; this runtime takes {lowest} to {HighestOpset}. Export the model again.");
        }
    }

    private static long CountParameters(GraphProto graph)
    {
        long quantized = graph.Node.Where(node => node.OpType == "MatMulNBits")
            .Sum(node => Attribute(node, "K") * Attribute(node, "N"));
        var scales = graph.Node.Where(node => node.OpType == "MatMulNBits").SelectMany(node => node.Input.Skip(1)).ToHashSet();
        return quantized + graph.Initializer
            .Where(tensor => IsFloat(tensor) && !scales.Contains(tensor.Name) && !tensor.Name.EndsWith("_cache", StringComparison.Ordinal))
            .Sum(tensor => tensor.Dims.Aggregate(1L, (product, dim) => product * dim));
    }

    /// <summary>The precision in which most matrix weights are stored.</summary>
    private static WeightPrecision PrecisionOf(GraphProto graph)
    {
        var quantized = graph.Node.Where(node => node.OpType == "MatMulNBits").ToList();
        if (quantized.Count > 0)
        {
            return Attribute(quantized[0], "bits") == 8 ? WeightPrecision.Int8 : WeightPrecision.Int4;
        }

        var largest = graph.Initializer.Where(tensor => tensor.Dims.Count == 2).MaxBy(tensor => tensor.Dims[0] * tensor.Dims[1]);
        return (TensorProto.Types.DataType)(largest?.DataType ?? 0) switch
        {
            TensorProto.Types.DataType.Float16 => WeightPrecision.Float16,
            TensorProto.Types.DataType.Bfloat16 => WeightPrecision.BFloat16,
            TensorProto.Types.DataType.Int8 or TensorProto.Types.DataType.Uint8 => WeightPrecision.Int8,
            _ => WeightPrecision.Float32,
        };
    }

    private static bool IsFloat(TensorProto tensor) => (TensorProto.Types.DataType)tensor.DataType
        is TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Float16 or TensorProto.Types.DataType.Bfloat16;

    private static long Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I ?? 0;
}
