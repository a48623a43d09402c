using Google.Protobuf;
using Leanserve.Contracts;
using Leanserve.Onnx.Protos;

namespace Leanserve.Onnx.Writing;

/// <summary>Writes a model folder: <c>model.onnx</c> (and <c>model.onnx.data</c> past 64 MiB), its configuration and its tokenizer.</summary>
public static class ModelWriter
{
    private const long InlineLimitBytes = 64L << 20;

    /// <summary>Writes the folder; existing files of the same names are replaced.</summary>
    /// <exception cref="ArgumentException">The spec breaks rules, all of which the message lists; or the tokenizer has ids past the vocabulary.</exception>
    public static void Write(string directory, DecoderSpec spec, IWeightSource weights, TokenizerSpec tokenizer)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(tokenizer);
        List<string> violations = [.. spec.Validate(), .. tokenizer.Validate(spec.Geometry.VocabularySize)];
        if (violations.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', violations), nameof(spec));
        }

        Directory.CreateDirectory(directory);
        WriteModel(directory, spec, weights);
        ConfigFiles.Write(directory, spec, tokenizer);
        TokenizerFiles.Write(directory, tokenizer);
    }

    private static void WriteModel(string directory, DecoderSpec spec, IWeightSource weights)
    {
        string path = Path.Combine(directory, "model.onnx");
        string external = path + ".data";
        double bytes = spec.CountParameters() * spec.Precision.BitsPerWeight() / 8;
        File.Delete(external);
        using var store = new TensorStore(bytes > InlineLimitBytes ? external : null);
        var model = new ModelProto
        {
            IrVersion = 10,
            ProducerName = "leanserve",
            Graph = new DecoderGraph(spec, weights, store).Build(),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 21 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = GraphBuilder.MicrosoftDomain, Version = 1 });
        using var file = File.Create(path);
        model.WriteTo(file);
    }
}
