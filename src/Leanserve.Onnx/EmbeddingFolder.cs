using System.IO.Hashing;
using System.Text.Json;
using Leanserve.Engine.Knowledge;
using Leanserve.Onnx.Embedding;

namespace Leanserve.Onnx;

/// <summary>
/// The folder of an embedding model as Sentence Transformers publishes it, checked: <c>model.onnx</c> (or <c>onnx/model.onnx</c>), <c>config.json</c>,
/// <c>tokenizer.json</c>, and where they are there <c>modules.json</c>, <c>1_Pooling/config.json</c> and <c>sentence_bert_config.json</c>.
/// </summary>
public sealed class EmbeddingFolder
{
    // Encoders are exported at opset 11 more often than not.
    private const int LowestOpset = 11;

    private static readonly string[] PositionsFromPadding = ["roberta", "xlm-roberta", "camembert", "mpnet"];
    private static readonly string[] KnownModules = ["Transformer", "Pooling", "Normalize"];

    private readonly OnnxModelFile _file;
    private readonly EncoderTokenizer _tokenizer;
    private readonly Pooling _pooling;

    private EmbeddingFolder(string directory, OnnxModelFile file, EncoderTokenizer tokenizer, Pooling pooling)
    {
        Directory = directory;
        _file = file;
        _tokenizer = tokenizer;
        _pooling = pooling;
    }

    /// <summary>Absolute path.</summary>
    public string Directory { get; }

    /// <summary>Length of a vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Longest text in tokens, without those that the model puts around every text.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Bytes of the model file and its external data.</summary>
    public long WeightsBytes => _file.Bytes;

    /// <summary>Reads and checks the folder.</summary>
    /// <exception cref="ModelLoadException">A file is missing or broken, or the model is of a kind that is not supported.</exception>
    public static EmbeddingFolder Open(string directory)
    {
        directory = Path.GetFullPath(directory);
        string inner = File.Exists(Path.Combine(directory, "model.onnx")) ? directory : Path.Combine(directory, "onnx");
        var file = OnnxModelFile.Read(System.IO.Directory.Exists(inner) ? inner : directory, "model.onnx", LowestOpset);
        string configPath = Path.Combine(directory, "config.json");
        var config = JsonFile.TryRead(configPath) ?? throw new ModelLoadException($"{configPath}: there is no such file; export the model together with it.");
        var tokenizer = EncoderTokenizer.Load(Path.Combine(directory, "tokenizer.json"));
        int vocabulary = Size(config, "vocab_size", configPath);
        if (tokenizer.VocabularySize > vocabulary)
        {
            throw new ModelLoadException(
                $"{directory}: the tokenizer's ids run to {tokenizer.VocabularySize - 1}, but the model's vocabulary has {vocabulary} tokens; the tokenizer belongs to another model.");
        }

        var pooling = PoolingOf(directory, file);
        return new EmbeddingFolder(directory, file, tokenizer, pooling)
        {
            Dimensions = Size(config, "hidden_size", configPath),
            MaxTokens = MaxTokensOf(directory, config, configPath, tokenizer),
        };
    }

    /// <summary>Loads the weights; a first text proves that the graph does what the configuration says.</summary>
    /// <param name="threads">Threads of one pass; 0 takes all cores.</param>
    /// <exception cref="ModelLoadException">ONNX Runtime refuses the model, or its vectors are not what the configuration says.</exception>
    public IEmbedder CreateEmbedder(int threads) =>
        OnnxEmbedder.Create(_file.Path, _tokenizer, EmbeddingPrompts.Read(Directory), _pooling, Dimensions, MaxTokens, $"{Hash()} {_pooling} {Dimensions}", threads);

    private string Hash()
    {
        var hash = new XxHash128();
        string[] weights = System.IO.Directory.GetFiles(Path.GetDirectoryName(_file.Path)!, "model.onnx*");
        string[] settings = [.. new[] { "tokenizer.json", "config_sentence_transformers.json" }.Select(name => Path.Combine(Directory, name)).Where(File.Exists)];
        foreach (string path in weights.Order(StringComparer.Ordinal).Concat(settings))
        {
            using var stream = File.OpenRead(path);
            hash.Append(stream);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static Pooling PoolingOf(string directory, OnnxModelFile file)
    {
        if (file.Model.Graph.Output.Any(output => output.Name == OnnxEmbedder.SentenceOutput))
        {
            return Pooling.InGraph;
        }

        CheckModules(directory);
        string path = Path.Combine(directory, "1_Pooling", "config.json");
        if (JsonFile.TryRead(path) is not { } config)
        {
            return Pooling.Mean;
        }

        string[] modes = [.. config.EnumerateObject()
            .Where(entry => entry.Name.StartsWith("pooling_mode_", StringComparison.Ordinal) && entry.Value.ValueKind == JsonValueKind.True)
            .Select(entry => entry.Name)];
        return modes switch
        {
            ["pooling_mode_mean_tokens"] => Pooling.Mean,
            ["pooling_mode_cls_token"] => Pooling.FirstToken,
            _ => throw new ModelLoadException($"{path}: pools by {string.Join(" and ", modes.DefaultIfEmpty("nothing"))}; pooling_mode_mean_tokens or pooling_mode_cls_token alone is supported."),
        };
    }

    // A further layer behind the pooling would be left out silently, and every vector would be wrong.
    private static void CheckModules(string directory)
    {
        string path = Path.Combine(directory, "modules.json");
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using var modules = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var module in modules.RootElement.EnumerateArray())
            {
                string type = module.GetProperty("type").GetString() ?? "";
                if (!KnownModules.Contains(type[(type.LastIndexOf('.') + 1)..]))
                {
                    throw new ModelLoadException($"{path}: the module {type} lies outside the graph; export the model with a {OnnxEmbedder.SentenceOutput} output.");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelLoadException($"{path}: not a list of modules: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static int MaxTokensOf(string directory, JsonElement config, string configPath, EncoderTokenizer tokenizer)
    {
        int positions = Size(config, "max_position_embeddings", configPath);
        if (config.TryGetProperty("model_type", out var type) && PositionsFromPadding.Contains(type.GetString()))
        {
            positions -= Size(config, "pad_token_id", configPath) + 1;
        }

        string sentencePath = Path.Combine(directory, "sentence_bert_config.json");
        var sentence = JsonFile.TryRead(sentencePath);
        int longest = sentence is { } found && found.TryGetProperty("max_seq_length", out var stated) && stated.ValueKind == JsonValueKind.Number
            ? Math.Min(positions, Size(found, "max_seq_length", sentencePath))
            : positions;
        return longest - tokenizer.Frame.Length is var left and > 0
            ? left
            : throw new ModelLoadException($"{directory}: a text may have {longest} tokens, of which the model itself takes {tokenizer.Frame.Length}; none are left.");
    }

    private static int Size(JsonElement config, string name, string path) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int size) && size > 0
            ? size
            : throw new ModelLoadException($"{path}: {name} is {(value.ValueKind == JsonValueKind.Undefined ? "missing" : value.GetRawText())}; it must be a whole number of at least 1.");
}
