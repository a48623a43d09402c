using System.Text;
using System.Text.Unicode;

namespace Leanserve.Engine.Knowledge.Formats;

/// <summary>Turns a file into a document by its name's end: PDF, HTML, or else UTF-8 text.</summary>
internal static class DocumentReader
{
    /// <param name="source">See <see cref="KnowledgeDocument.Source"/>.</param>
    /// <param name="content">The file.</param>
    /// <exception cref="InvalidDataException">The file is no such document; the message is one clear line.</exception>
    public static KnowledgeDocument Read(string source, ReadOnlyMemory<byte> content) => Path.GetExtension(source).ToUpperInvariant() switch
    {
        ".PDF" => PdfDocument.Read(source, content),
        ".HTML" or ".HTM" or ".XHTML" => new KnowledgeDocument(source, HtmlText.Of(content)),
        _ => new KnowledgeDocument(source, Text(content.Span)),
    };

    private static string Text(ReadOnlySpan<byte> content) => Utf8.IsValid(content) && !content.Contains((byte)0)
        ? Encoding.UTF8.GetString(content).TrimStart('\uFEFF').ReplaceLineEndings("\n")
        : throw new InvalidDataException("not UTF-8 text");
}
