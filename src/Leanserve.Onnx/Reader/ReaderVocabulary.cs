using System.Globalization;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Reader;

/// <summary>
/// The reader's tokenizer: bytes, listed words and their pieces, and each of them with a space before it. Spaces join last, so that a word falls
/// into the same pieces wherever it stands.
/// </summary>
internal sealed class ReaderVocabulary
{
    public const char Space = 'Ġ';
    public const char LineFeed = 'Ċ';
    public const string Begin = "<|begin|>";
    public const string System = "<|system|>";
    public const string User = "<|user|>";
    public const string Assistant = "<|assistant|>";
    public const string End = "<|end|>";

    // Pieces of text never cross a space, so no text is ever read as this token: only the reader writes it.
    private static readonly string[] RefusalParts = ["Not", "Ġin", "Ġthe", "Ġdocuments", "."];

    private const string ChatTemplate =
        "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

    public ReaderVocabulary()
    {
        var words = ReadWords();
        List<(string Left, string Right)> merges = [.. PieceMerges.Learn(words)];
        var pieces = merges.Select(merge => merge.Left + merge.Right).Concat(FirstCharacters()).Distinct(StringComparer.Ordinal).ToList();
        merges.AddRange(pieces.Select(piece => (Space.ToString(), piece)));
        string refusal = RefusalParts[0];
        foreach (string part in RefusalParts[1..])
        {
            merges.Add((refusal, part));
            refusal += part;
        }

        Spec = new TokenizerSpec
        {
            Merges = merges,
            SpecialTokens = [Begin, System, User, Assistant, End],
            BeginToken = Begin,
            EndTokens = [End],
            ChatTemplate = ChatTemplate,
        };
        Spellings = Spec.Vocabulary;
        Refusal = refusal;
    }

    public TokenizerSpec Spec { get; }

    /// <summary>All tokens by id.</summary>
    public IReadOnlyList<string> Spellings { get; }

    /// <summary>The one token that says that the documents hold no answer.</summary>
    public string Refusal { get; }

    public bool IsMarker(string spelling) => Spec.SpecialTokens.Contains(spelling);

    private static IEnumerable<string> FirstCharacters() =>
        Enumerable.Range('!', '~' - '!' + 1).Select(character => ((char)character).ToString());

    /// <summary>Listed words; those of lines that begin with a plus also with a capital.</summary>
    private static IEnumerable<string> ReadWords()
    {
        using var stream = typeof(ReaderVocabulary).Assembly.GetManifestResourceStream("Leanserve.Onnx.Reader.words.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').SelectMany(WordsOf).Distinct(StringComparer.Ordinal).ToList();
    }

    private static IEnumerable<string> WordsOf(string line)
    {
        string[] words = line.TrimStart('+').Split([' ', '\'', '-'], StringSplitOptions.RemoveEmptyEntries);
        return line.StartsWith('+') ? words.SelectMany(word => new[] { word, Capitalize(word) }) : words;
    }

    private static string Capitalize(string word) => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];
}
