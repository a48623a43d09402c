namespace Leanserve.Onnx.Writing;

/// <summary>A byte-level BPE tokenizer: the 256 bytes, then merges, then special tokens at the end of the vocabulary.</summary>
public sealed record TokenizerSpec
{
    /// <summary>Merges in order of rank; each of two parts in byte-level spelling (a space is <c>Ġ</c>) that exist before it.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; init; } = [];

    public IReadOnlyList<string> SpecialTokens { get; init; } = DefaultSpecialTokens;

    public string BeginToken { get; init; } = "<|begin_of_text|>";

    public IReadOnlyList<string> EndTokens { get; init; } = ["<|eot_id|>", "<|end_of_text|>"];

    /// <summary>Jinja template of a conversation.</summary>
    public string ChatTemplate { get; init; } = DefaultChatTemplate;

    /// <summary>The special tokens of Llama 3.</summary>
    public static IReadOnlyList<string> DefaultSpecialTokens { get; } =
        ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"];

    /// <summary>The conversation format of Llama 3.</summary>
    public const string DefaultChatTemplate =
        "{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim "
        + "+ '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";

    /// <summary>Ids of all tokens in order: bytes, merged tokens, special tokens.</summary>
    public IReadOnlyList<string> Vocabulary =>
        [.. ByteLevel.Alphabet.Select(character => character.ToString()), .. MergedTokens().Distinct(StringComparer.Ordinal), .. SpecialTokens];

    /// <summary>
    /// A tokenizer that fills a vocabulary with pronounceable syllables and words of them, so that even a random model's answers are text.
    /// </summary>
    /// <param name="vocabularySize">Tokens wanted in all, special ones included; fewer where the syllables run out.</param>
    public static TokenizerSpec OfSyllables(int vocabularySize)
    {
        int count = Math.Max(0, vocabularySize - 256 - DefaultSpecialTokens.Count);
        return new TokenizerSpec { Merges = [.. Syllables().Take(count)] };
    }

    /// <summary>Id of a token by its spelling.</summary>
    /// <exception cref="ArgumentException">There is no such token.</exception>
    public int IdOf(string token)
    {
        int id = Vocabulary.ToList().LastIndexOf(token);
        return id >= 0 ? id : throw new ArgumentException($"'{token}' is not in the vocabulary.", nameof(token));
    }

    /// <summary>Every rule broken, one sentence each.</summary>
    public IReadOnlyList<string> Validate(int vocabularySize)
    {
        List<string> violations = [];
        int count = Vocabulary.Count;
        if (count > vocabularySize)
        {
            violations.Add($"The tokenizer has {count} tokens, the model's vocabulary {vocabularySize}; raise the vocabulary size to {count} or more.");
        }

        violations.AddRange(EndTokens.Append(BeginToken).Where(token => !SpecialTokens.Contains(token))
            .Select(token => $"'{token}' is not among the special tokens; add it."));
        return violations;
    }

    /// <summary>Merges, each of parts made before: syllables, words of one, then of two, then of three.</summary>
    private static IEnumerable<(string Left, string Right)> Syllables()
    {
        const string Space = "\u0120";
        string[] syllables = [.. "tnsrlmdkpbvgfhwz".SelectMany(consonant => "aeiou".Select(vowel => $"{consonant}{vowel}"))];
        string[] words = [.. syllables.Select(syllable => Space + syllable)];
        string[] longer = [.. words.SelectMany(word => syllables.Select(syllable => word + syllable))];
        return syllables.Select(syllable => (syllable[..1], syllable[1..]))
            .Concat(syllables.Select(syllable => (Space, syllable)))
            .Concat(words.SelectMany(word => syllables.Select(syllable => (word, syllable))))
            .Concat(longer.SelectMany(word => syllables.Select(syllable => (word, syllable))));
    }

    private IEnumerable<string> MergedTokens() => Merges.Select(merge => merge.Left + merge.Right);
}
