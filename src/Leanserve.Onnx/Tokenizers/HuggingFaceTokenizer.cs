using System.Text;
using System.Text.RegularExpressions;
using Leanserve.Engine;
using Microsoft.ML.Tokenizers;

namespace Leanserve.Onnx;

/// <summary>Byte-level BPE as Hugging Face's <c>tokenizer.json</c> describes it (GPT-2, Llama 3, Qwen, Phi-4 and their kin).</summary>
public sealed class HuggingFaceTokenizer : ITokenizer
{
    private readonly BpeTokenizer _model;
    private readonly Lazy<LongWordBpe> _longWords;
    private readonly TokenizerFile _file;
    private readonly byte[][] _bytes;
    private readonly Regex? _allAdded;
    private readonly Regex? _plainAdded;

    private HuggingFaceTokenizer(TokenizerFile file, int? beginToken, IReadOnlySet<int> endTokens)
    {
        _file = file;
        BeginToken = beginToken;
        EndTokens = endTokens;
        _model = BpeTokenizer.Create(new BpeOptions(file.Vocabulary) { Merges = file.Merges, ByteLevel = true });
        _longWords = new Lazy<LongWordBpe>(() => new LongWordBpe(file));
        _allAdded = AnyOf(file.Added.Keys);
        _plainAdded = AnyOf(file.Added.Where(added => !added.Value.IsSpecial).Select(added => added.Key));
        VocabularySize = 1 + Math.Max(file.Vocabulary.Values.DefaultIfEmpty(-1).Max(), file.Added.Values.Select(added => added.Id).DefaultIfEmpty(-1).Max());
        _bytes = TableOfBytes(file, VocabularySize);
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int? BeginToken { get; }

    /// <inheritdoc/>
    public IReadOnlySet<int> EndTokens { get; }

    /// <summary>Reads <c>tokenizer.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="beginToken">From the model's configuration.</param>
    /// <param name="endTokens">From the model's configuration.</param>
    /// <exception cref="ModelLoadException">The file is missing, broken, or of another kind than byte-level BPE.</exception>
    public static HuggingFaceTokenizer Load(string path, int? beginToken, IReadOnlySet<int> endTokens)
    {
        var file = TokenizerFile.Read(path);
        try
        {
            return new HuggingFaceTokenizer(file, beginToken, endTokens);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new ModelLoadException($"{path}: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> tokens = [];
        var added = parseSpecialTokens ? _allAdded : _plainAdded;
        int start = 0;
        if (added is not null)
        {
            foreach (Match match in added.Matches(text))
            {
                EncodePlain(text[start..match.Index], tokens);
                tokens.Add(_file.Added[match.Value].Id);
                start = match.Index + match.Length;
            }
        }

        EncodePlain(text[start..], tokens);
        return tokens;
    }

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var buffer = new MemoryStream();
        foreach (int token in tokens)
        {
            buffer.Write(TokenBytes(token));
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> TokenBytes(int token) => token >= 0 && token < _bytes.Length ? _bytes[token] : [];

    private void EncodePlain(string text, List<int> tokens)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (_file.AddPrefixSpace && text[0] != ' ')
        {
            text = " " + text;
        }

        if (text.Any(char.IsSurrogate))
        {
            // A lone surrogate has no UTF-8; the round trip makes it U+FFFD.
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        foreach (string piece in Split(text, 0))
        {
            if (_file.IgnoreMerges && _file.Vocabulary.TryGetValue(ByteLevel.FromBytes(Encoding.UTF8.GetBytes(piece)), out int whole))
            {
                tokens.Add(whole);
            }
            else if (piece.Length > LongWordBpe.MinLength)
            {
                _longWords.Value.Encode(piece, tokens);
            }
            else
            {
                tokens.AddRange(_model.EncodeToIds(piece, considerPreTokenization: false, considerNormalization: false));
            }
        }
    }

    /// <summary>Applies the pre-tokeniser's patterns one after the other; what a pattern leaves between its matches is a piece too.</summary>
    private IEnumerable<string> Split(string text, int level)
    {
        if (level == _file.SplitPatterns.Count)
        {
            return [text];
        }

        return Pieces(_file.SplitPatterns[level], text).SelectMany(piece => Split(piece, level + 1));
    }

    private static IEnumerable<string> Pieces(Regex pattern, string text)
    {
        int start = 0;
        foreach (Match match in pattern.Matches(text))
        {
            if (match.Index > start)
            {
                yield return text[start..match.Index];
            }

            if (match.Length > 0)
            {
                yield return match.Value;
            }

            start = match.Index + match.Length;
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    private static Regex? AnyOf(IEnumerable<string> tokens)
    {
        string[] longestFirst = [.. tokens.OrderByDescending(token => token.Length).Select(Regex.Escape)];
        return longestFirst.Length == 0 ? null : new Regex(string.Join('|', longestFirst), RegexOptions.CultureInvariant);
    }

    private static byte[][] TableOfBytes(TokenizerFile file, int size)
    {
        var table = new byte[size][];
        Array.Fill(table, []);
        foreach ((string spelling, int id) in file.Vocabulary)
        {
            table[id] = ByteLevel.ToBytes(spelling)
                ?? throw new InvalidOperationException($"token {id} '{spelling}' is not spelled in the byte-level alphabet; only byte-level BPE is supported.");
        }

        foreach ((string content, var added) in file.Added)
        {
            table[added.Id] = added.IsSpecial ? [] : Encoding.UTF8.GetBytes(content);
        }

        return table;
    }
}
