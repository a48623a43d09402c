using System.Globalization;

namespace Leanserve.Onnx.Reader;

/// <summary>What the circuit knows of one token of text.</summary>
/// <param name="Spelling">In byte-level spelling.</param>
internal sealed record ReaderToken(string Spelling)
{
    private static readonly string[] Titles = ["mr", "mrs", "ms", "dr", "prof", "st"];

    /// <summary>The spelling without a leading space: what the answer is written from.</summary>
    public string Form => HasSpace && Spelling.Length > 1 ? Spelling[1..] : Spelling;

    /// <summary>The form in lower case: what questions and documents are compared by.</summary>
    public string Class => Form.ToLower(CultureInfo.InvariantCulture);

    public bool HasSpace => Spelling[0] == ReaderVocabulary.Space;

    public bool IsTerminal => Form is "." or "!" or "?";

    /// <summary>A title whose full stop ends no sentence.</summary>
    public bool IsTitle => Titles.Contains(Class);

    public bool IsNewLine => Spelling[0] == ReaderVocabulary.LineFeed;

    /// <summary>A new line, or a word in capitals or digits after a space.</summary>
    public bool Opens => IsNewLine || (HasSpace && Form != Spelling && (char.IsAsciiLetterUpper(Form[0]) || char.IsAsciiDigit(Form[0])));
}
