using System.Text;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace Leanserve.Engine.Knowledge.Formats;

/// <summary>The text of a PDF, page by page in reading order.</summary>
internal static class PdfDocument
{
    /// <exception cref="InvalidDataException">The file is broken, locked, or holds pictures of text only.</exception>
    public static KnowledgeDocument Read(string source, ReadOnlyMemory<byte> content)
    {
        var text = new StringBuilder();
        var pages = new List<int>();
        try
        {
            using var pdf = UglyToad.PdfPig.PdfDocument.Open(content.ToArray());
            foreach (var page in pdf.GetPages())
            {
                pages.Add(text.Length);
                var words = ContentOrderTextExtractor.GetText(page, addDoubleNewline: true).ReplaceLineEndings("\n").Trim();
                text.Append(words).Append("\n\n");
            }
        }
        catch (Exception exception)
        {
            // The library throws whatever a malformed file leads it into; no file may end the server.
            throw new InvalidDataException($"a PDF that cannot be read ({exception.Message.ReplaceLineEndings(" ").Trim()}); save it again without a password", exception);
        }

        return string.IsNullOrWhiteSpace(text.ToString())
            ? throw new InvalidDataException("a PDF without text, as scans are; have its text recognised first")
            : new KnowledgeDocument(source, text.ToString()) { Pages = pages };
    }
}
