using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Leanserve.Onnx.Embedding;

/// <summary>The tokenizer of an encoder: WordPiece (BERT, MiniLM, BGE, E5) or byte-level BPE (RoBERTa, ModernBERT).</summary>
internal sealed class EncoderTokenizer
{
    private readonly Func<string, IReadOnlyList<int>> _encode;

    private EncoderTokenizer(Func<string, IReadOnlyList<int>> encode, SpecialTokenFrame frame, int vocabularySize)
    {
        _encode = encode;
        Frame = frame;
        VocabularySize = vocabularySize;
    }

    public SpecialTokenFrame Frame { get; }

    public int VocabularySize { get; }

    /// <summary>The tokens of a text without the frame.</summary>
    public IReadOnlyList<int> Encode(string text) =>
        // A lone surrogate has no UTF-8; the round trip makes it U+FFFD.
        text.Length == 0 ? [] : _encode(text.Any(char.IsSurrogate) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text);

    /// <exception cref="ModelLoadException">The file is missing, broken, or of another kind.</exception>
    public static EncoderTokenizer Load(string path)
    {
        if (JsonFile.TryRead(path) is not { } root)
        {
            throw new ModelLoadException($"{path}: there is no such file; export the model together with its tokenizer.");
        }

        try
        {
            var model = root.GetProperty("model");
            var frame = SpecialTokenFrame.Read(root);
            // Older files leave the type out.
            string? type = model.TryGetProperty("type", out var stated) ? stated.GetString() : model.TryGetProperty("merges", out _) ? "BPE" : "WordPiece";
            return type switch
            {
                "WordPiece" => WordPiece(root, model, frame),
                "BPE" => BytePairs(path, frame),
                _ => throw new ModelLoadException($"{path}: a {type} model; embedding models with WordPiece or byte-level BPE are supported."),
            };
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ModelLoadException($"{path}: not a Hugging Face tokenizer: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static EncoderTokenizer BytePairs(string path, SpecialTokenFrame frame)
    {
        var tokenizer = HuggingFaceTokenizer.Load(path, null, new HashSet<int>());
        return new EncoderTokenizer(text => tokenizer.Encode(text), frame, tokenizer.VocabularySize);
    }

    private static EncoderTokenizer WordPiece(JsonElement root, JsonElement model, SpecialTokenFrame frame)
    {
        string[] vocabulary = [.. model.GetProperty("vocab").EnumerateObject().OrderBy(entry => entry.Value.GetInt32()).Select(entry => entry.Name)];
        var normalizer = root.TryGetProperty("normalizer", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        bool lowerCase = Flag(normalizer, "lowercase") ?? true;
        string unknown = model.TryGetProperty("unk_token", out var stated) ? stated.GetString()! : "[UNK]";
        var options = new BertOptions
        {
            LowerCaseBeforeTokenization = lowerCase,
            // As in Hugging Face's normalizer, where the flag is null for "as the case is treated".
            RemoveNonSpacingMarks = Flag(normalizer, "strip_accents") ?? lowerCase,
            IndividuallyTokenizeCjk = Flag(normalizer, "handle_chinese_chars") ?? true,
            UnknownToken = unknown,
            // What users write never becomes a special token. The frame is put around by id, so that these names, which differ between models, are of no use.
            SplitOnSpecialTokens = false,
            ClassificationToken = unknown,
            SeparatorToken = unknown,
            PaddingToken = unknown,
            MaskingToken = unknown,
        };
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary)));
        var tokenizer = BertTokenizer.Create(lines, options);
        return new EncoderTokenizer(text => tokenizer.EncodeToIds(text, addSpecialTokens: false), frame, vocabulary.Length);
    }

    private static bool? Flag(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : null;
}
