using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Leanserve.Engine.Knowledge.Formats;

/// <summary>
/// What a reader of an HTML page sees, as text: headings as Markdown's, so that passages follow the page's structure; blocks, list items and table rows
/// on lines of their own; scripts, styles and markup gone.
/// </summary>
internal sealed class HtmlText
{
    private static readonly HashSet<string> Hidden = new(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "SVG", "IFRAME", "OBJECT"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Blocks = new(
        ["P", "DIV", "SECTION", "ARTICLE", "MAIN", "HEADER", "FOOTER", "NAV", "ASIDE", "UL", "OL", "DL", "DT", "DD", "TABLE", "BLOCKQUOTE", "FIGURE", "FORM", "HR", "PRE"],
        StringComparer.OrdinalIgnoreCase);

    // Browsers stop nesting at 512; a file of a million open tags must not exhaust the stack.
    private const int MaxDepth = 512;

    private readonly StringBuilder text = new();
    private int depth;

    /// <summary>The text. HTML has no broken files: whatever browsers make of one is read.</summary>
    public static string Of(ReadOnlyMemory<byte> content)
    {
        // A stream lets the parser find the encoding as browsers do.
        using var stream = new MemoryStream(content.ToArray());
        using var document = new HtmlParser().ParseDocument(stream);
        var html = new HtmlText();
        if (document.Body is { } body)
        {
            html.Children(body, isPreformatted: false);
        }

        return html.text.ToString().Trim('\n', ' ') + "\n";
    }

    private void Children(INode node, bool isPreformatted)
    {
        if (depth == MaxDepth)
        {
            return;
        }

        depth++;
        foreach (var child in node.ChildNodes)
        {
            switch (child)
            {
                case IText plain:
                    Words(plain.Data, isPreformatted);
                    break;
                case IElement element when !Hidden.Contains(element.TagName) && !element.HasAttribute("hidden"):
                    Element(element, isPreformatted);
                    break;
            }
        }

        depth--;
    }

    private void Element(IElement element, bool isPreformatted)
    {
        var name = element.TagName;
        switch (name)
        {
            case ['H', >= '1' and <= '6']:
                Break(lines: 2);
                text.Append('#', name[1] - '0').Append(' ');
                Children(element, isPreformatted: false);
                Break(lines: 2);
                break;
            case "LI" or "TR":
                Break(lines: 1);
                text.Append(name == "LI" ? "- " : "");
                Children(element, isPreformatted);
                Break(lines: 1);
                break;
            case "BR":
                Break(lines: 1);
                break;
            case "TD" or "TH":
                text.Append(text.Length > 0 && text[^1] != '\n' ? " | " : "");
                Children(element, isPreformatted);
                break;
            default:
                var lines = Blocks.Contains(name) ? 2 : 0;
                Break(lines);
                Children(element, isPreformatted || name == "PRE");
                Break(lines);
                break;
        }
    }

    private void Words(string data, bool isPreformatted)
    {
        if (isPreformatted)
        {
            text.Append(data.ReplaceLineEndings("\n"));
            return;
        }

        foreach (var character in data)
        {
            if (!char.IsWhiteSpace(character))
            {
                text.Append(character);
            }
            else if (text.Length > 0 && !char.IsWhiteSpace(text[^1]))
            {
                text.Append(' ');
            }
        }
    }

    private void Break(int lines)
    {
        while (lines > 0 && text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }

        var present = 0;
        while (present < text.Length && text[^(present + 1)] == '\n')
        {
            present++;
        }

        if (text.Length > 0 && present < lines)
        {
            text.Append('\n', lines - present);
        }
    }
}
