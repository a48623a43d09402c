using System.Text;

namespace Leanserve.Engine.Tests.Support;

/// <summary>A vocabulary of all bytes, some longer pieces that JSON documents are made of, and an end token.</summary>
internal sealed class ByteTokenizer : ITokenizer
{
    private static readonly string[] Pieces =
        ["{\"", "\":", "\": ", "\",", "\"}", "},", "}]", "[]", "[[", "true", "false", "null", "ull", "\\u00", "é", "日本", "12", "-1", "0.", "aa", "bb", "\n  ", " \"", "e+1"];

    private static readonly byte[][] Bytes =
        [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), .. Pieces.Select(Encoding.UTF8.GetBytes), []];

    public int VocabularySize => Bytes.Length;

    public int? BeginToken => null;

    public int End => Bytes.Length - 1;

    public IReadOnlySet<int> EndTokens => new HashSet<int> { End };

    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = false) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public string Decode(IReadOnlyList<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(token => Bytes[token])]);

    public ReadOnlySpan<byte> TokenBytes(int token) => Bytes[token];
}
