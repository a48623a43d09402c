using System.Text.Json;
using System.Text.RegularExpressions;

namespace Leanserve.Onnx;

/// <summary>What <c>tokenizer.json</c> says, parsed and checked.</summary>
internal sealed partial class TokenizerFile
{
    public required Dictionary<string, int> Vocabulary { get; init; }

    /// <summary>Pairs in order of rank, parts apart by one space.</summary>
    public required IReadOnlyList<string> Merges { get; init; }

    public required IReadOnlyDictionary<string, AddedToken> Added { get; init; }

    public required IReadOnlyList<Regex> SplitPatterns { get; init; }

    /// <summary>Whether a piece that is a token as it stands is taken whole, whatever the merges say.</summary>
    public required bool IgnoreMerges { get; init; }

    public required bool AddPrefixSpace { get; init; }

    /// <exception cref="ModelLoadException">The file is missing, broken, or of another kind than byte-level BPE.</exception>
    public static TokenizerFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelLoadException($"{path}: there is no such file; export the model together with its tokenizer.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Parse(document.RootElement, path);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ModelLoadException($"{path}: not a Hugging Face tokenizer: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static TokenizerFile Parse(JsonElement root, string path)
    {
        var model = root.GetProperty("model");
        string? type = model.TryGetProperty("type", out var typeElement) ? typeElement.GetString() : "BPE";
        List<Regex> patterns = [];
        var state = new PreTokenizerState();
        if (root.TryGetProperty("pre_tokenizer", out var preTokenizer) && preTokenizer.ValueKind == JsonValueKind.Object)
        {
            ReadPreTokenizer(preTokenizer, patterns, state);
        }

        if (type != "BPE" || !state.IsByteLevel)
        {
            throw new ModelLoadException($"{path}: a {type} model without a ByteLevel step; only byte-level BPE is supported.");
        }

        return new TokenizerFile
        {
            Vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32(), StringComparer.Ordinal),
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(ReadMerge)],
            Added = ReadAdded(root),
            SplitPatterns = patterns,
            IgnoreMerges = model.TryGetProperty("ignore_merges", out var ignore) && ignore.GetBoolean(),
            AddPrefixSpace = state.AddPrefixSpace,
        };
    }

    private static string ReadMerge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";

    private static Dictionary<string, AddedToken> ReadAdded(JsonElement root)
    {
        Dictionary<string, AddedToken> added = new(StringComparer.Ordinal);
        if (root.TryGetProperty("added_tokens", out var tokens) && tokens.ValueKind == JsonValueKind.Array)
        {
            foreach (var token in tokens.EnumerateArray())
            {
                bool special = token.TryGetProperty("special", out var flag) && flag.GetBoolean();
                added[token.GetProperty("content").GetString()!] = new AddedToken(token.GetProperty("id").GetInt32(), special);
            }
        }

        return added;
    }

    private static void ReadPreTokenizer(JsonElement step, List<Regex> patterns, PreTokenizerState state)
    {
        switch (step.GetProperty("type").GetString())
        {
            case "Sequence":
                foreach (var inner in step.GetProperty("pretokenizers").EnumerateArray())
                {
                    ReadPreTokenizer(inner, patterns, state);
                }

                break;
            case "ByteLevel":
                state.IsByteLevel = true;
                state.AddPrefixSpace = step.TryGetProperty("add_prefix_space", out var prefix) && prefix.GetBoolean();
                if (!step.TryGetProperty("use_regex", out var useRegex) || useRegex.GetBoolean())
                {
                    patterns.Add(Gpt2Split());
                }

                break;
            case "Split" when step.GetProperty("pattern").TryGetProperty("Regex", out var pattern):
                patterns.Add(Compile(pattern.GetString()!));
                break;
            case "Digits":
                bool individual = step.TryGetProperty("individual_digits", out var digits) && digits.GetBoolean();
                patterns.Add(Compile(individual ? @"\p{N}" : @"\p{N}+"));
                break;
            case var unknown:
                throw new InvalidOperationException($"the pre-tokenizer step {unknown} is not supported; use ByteLevel, Split by regex, Digits or a Sequence of them.");
        }
    }

    /// <summary>GPT-2's split into words, numbers, punctuation and white space, which the ByteLevel step implies.</summary>
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Split();

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled);

    private sealed class PreTokenizerState
    {
        public bool IsByteLevel { get; set; }

        public bool AddPrefixSpace { get; set; }
    }
}
