using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Execution;
using Leanserve.Onnx.Graphs;
using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx;

/// <summary>A model folder, checked: geometry, precision, tokenizer, chat template; the weights themselves stay on disk.</summary>
public sealed class ModelFolder
{
    private readonly OnnxModelFile _file;

    private ModelFolder(OnnxModelFile file) => _file = file;

    /// <summary>Absolute path.</summary>
    public required string Directory { get; init; }

    public required ModelGeometry Geometry { get; init; }

    public WeightPrecision Precision => _file.Precision;

    /// <summary>Bytes of the model file and its external data.</summary>
    public long WeightsBytes => _file.Bytes;

    public required ITokenizer Tokenizer { get; init; }

    /// <summary>Whether the model takes the prefix tree as it is, or is edited at load.</summary>
    public DecoderInterface Interface { get; private init; }

    /// <summary>Bytes of one element of the KV cache: 4 or 2, as the model's cache inputs are typed.</summary>
    public int KeyValueElementBytes { get; private init; }

    /// <summary>The Jinja template of <c>chat_template.jinja</c> or <c>tokenizer_config.json</c>, or null.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Reads and checks the folder.</summary>
    /// <exception cref="ModelLoadException">A file is missing or broken.</exception>
    public static ModelFolder Open(string directory)
    {
        directory = Path.GetFullPath(directory);
        if (!System.IO.Directory.Exists(directory))
        {
            throw new ModelLoadException($"{directory}: there is no such folder.");
        }

        var config = ModelConfigFile.Read(directory);
        string tokenizerPath = Path.Combine(directory, "tokenizer.json");
        var loading = Task.Run(() => HuggingFaceTokenizer.Load(tokenizerPath, config.BeginToken, config.EndTokens));
        var file = OnnxModelFile.Read(directory, config.ModelFile);
        var geometry = config.Geometry with { Parameters = file.Parameters };
        var tokenizer = loading.GetAwaiter().GetResult();
        if (tokenizer.VocabularySize > geometry.VocabularySize)
        {
            throw new ModelLoadException(
                $"{tokenizerPath}: ids run to {tokenizer.VocabularySize - 1}, but the model's vocabulary has {geometry.VocabularySize} tokens; "
                + "the tokenizer belongs to another model.");
        }

        var decoderInterface = GraphRewriter.Detect(file.Model.Graph, file.Path);
        return new ModelFolder(file)
        {
            Directory = directory,
            Interface = decoderInterface,
            KeyValueElementBytes = CacheElementBytes(file, geometry),
            Geometry = geometry,
            Tokenizer = tokenizer,
            ChatTemplate = ReadChatTemplate(directory),
        };
    }

    /// <summary>A hash over the model file, its external weights and its configuration: what keys and values depend on beside the tokens.</summary>
    /// <remarks>Reads all weights, at the speed of memory where the system has the files cached.</remarks>
    public unsafe string HashContents()
    {
        List<UInt128> hashes = [];
        var external = _file.Model.Graph.Initializer.SelectMany(tensor => tensor.ExternalData).Where(entry => entry.Key == "location").Select(entry => entry.Value);
        foreach (string name in external.Append(Path.GetFileName(_file.Path)).Append("config.json").Append("genai_config.json").Distinct().Order(StringComparer.Ordinal))
        {
            string path = Path.Combine(Directory, name);
            if (File.Exists(path))
            {
                using var file = new MappedFile(path);
                hashes.Add(PiecewiseHash.Of(file.Start, file.Bytes));
            }
        }

        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(hashes))).ToString("x32", CultureInfo.InvariantCulture);
    }

    /// <summary>Loads the weights and allocates the KV buffer.</summary>
    /// <exception cref="ModelLoadException">The model file is broken, or this build lacks the execution provider.</exception>
    public IModelRunner CreateRunner(OnnxRunnerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SessionFactory.CreateRunner(_file.Path, Retrofitted(), Interface == DecoderInterface.Sequence, Geometry, options);
    }

    /// <summary>Writes the folder with its model rewired for the prefix tree; a model that needs no edit is copied.</summary>
    /// <exception cref="ArgumentException">The destination is this folder.</exception>
    /// <exception cref="ModelLoadException">The graph has a part that the prefix tree cannot express.</exception>
    public void WriteRetrofitted(string destination)
    {
        destination = Path.GetFullPath(destination);
        if (destination == Directory)
        {
            throw new ArgumentException($"{destination} is the folder to read from; choose another to write to.", nameof(destination));
        }

        var model = Retrofitted();
        System.IO.Directory.CreateDirectory(destination);
        foreach (string path in System.IO.Directory.EnumerateFiles(Directory, "*", SearchOption.AllDirectories).Where(path => path != _file.Path))
        {
            string copy = Path.Combine(destination, Path.GetRelativePath(Directory, path));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy, overwrite: true);
        }

        using var output = File.Create(Path.Combine(destination, Path.GetRelativePath(Directory, _file.Path)));
        model.WriteTo(output);
    }

    private ModelProto Retrofitted()
    {
        var model = _file.Model.Clone();
        if (Interface == DecoderInterface.Sequence)
        {
            new GraphRewriter(model.Graph, Geometry).Rewrite();
        }

        return model;
    }

    /// <summary>Also checks that the graph's cache has the shape that the configuration says.</summary>
    private static int CacheElementBytes(OnnxModelFile file, ModelGeometry geometry)
    {
        var cache = file.Model.Graph.Input.FirstOrDefault(input => input.Name == TreeContract.PastKey(0));
        if (cache is null)
        {
            return sizeof(float);
        }

        var shape = cache.Type.TensorType.Shape.Dim;
        if (shape.Count != 4 || Differs(shape[1], geometry.KeyValueHeads) || Differs(shape[3], geometry.HeadSize))
        {
            throw new ModelLoadException(
                $"{file.Path}: the cache of the graph has other heads than the {geometry.KeyValueHeads} of {geometry.HeadSize} that the configuration states; "
                + "config.json belongs to another model.");
        }

        return (TensorProto.Types.DataType)cache.Type.TensorType.ElemType == TensorProto.Types.DataType.Float ? sizeof(float) : sizeof(ushort);
    }

    private static bool Differs(TensorShapeProto.Types.Dimension dimension, int expected) => dimension.HasDimValue && dimension.DimValue != expected;

    private static string? ReadChatTemplate(string directory)
    {
        string path = Path.Combine(directory, "chat_template.jinja");
        if (File.Exists(path))
        {
            return File.ReadAllText(path);
        }

        var config = JsonFile.TryRead(Path.Combine(directory, "tokenizer_config.json"));
        return config is { } element && element.TryGetProperty("chat_template", out var template) && template.ValueKind == JsonValueKind.String
            ? template.GetString()
            : null;
    }
}
