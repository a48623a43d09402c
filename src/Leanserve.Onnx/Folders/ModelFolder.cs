using System.Text.Json;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Execution;

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
        var file = OnnxModelFile.Read(directory, config.ModelFile);
        var geometry = config.Geometry with { Parameters = file.Parameters };
        string tokenizerPath = Path.Combine(directory, "tokenizer.json");
        var tokenizer = HuggingFaceTokenizer.Load(tokenizerPath, config.BeginToken, config.EndTokens);
        if (tokenizer.VocabularySize > geometry.VocabularySize)
        {
            throw new ModelLoadException(
                $"{tokenizerPath}: ids run to {tokenizer.VocabularySize - 1}, but the model's vocabulary has {geometry.VocabularySize} tokens; "
                + "the tokenizer belongs to another model.");
        }

        return new ModelFolder(file)
        {
            Directory = directory,
            Geometry = geometry,
            Tokenizer = tokenizer,
            ChatTemplate = ReadChatTemplate(directory),
        };
    }

    /// <summary>Loads the weights and allocates the KV buffer.</summary>
    /// <exception cref="ModelLoadException">The model file is broken, or this build lacks the execution provider.</exception>
    public IModelRunner CreateRunner(OnnxRunnerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SessionFactory.CreateRunner(_file.Path, null, Geometry, options);
    }

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
