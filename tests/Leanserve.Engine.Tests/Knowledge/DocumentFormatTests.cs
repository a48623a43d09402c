using System.Text;
using Leanserve.Engine.Knowledge;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace Leanserve.Engine.Tests.Knowledge;

public sealed class DocumentFormatTests
{
    [Fact]
    public void Html_Page_IsWhatAReaderSeesWithItsHeadings()
    {
        const string Page = """
            <!doctype html><html><head><title>T</title><style>p{color:red}</style></head>
            <body><script>alert("no")</script><h1>Returns</h1><p>Goods may be <b>returned</b>
            within&nbsp;30 days &amp; more.</p><p hidden>secret</p>
            <ul><li>Keep the bill<li>Wrap it</ul>
            <h2>Warranty</h2><table><tr><th>Device<th>Years<tr><td>Phone<td>2</table><pre>a
              b</pre></body></html>
            """;

        var document = Assert.Single(Read("page.html", Encoding.UTF8.GetBytes(Page)).Documents);

        Assert.Equal(
            "# Returns\n\nGoods may be returned within 30 days & more.\n\n- Keep the bill\n- Wrap it\n\n## Warranty\n\nDevice | Years\nPhone | 2\n\na\n  b\n",
            document.Text.Replace("  Years", " Years", StringComparison.Ordinal));
        var passages = Split(document);
        Assert.Equal(["Returns", "Returns > Warranty"], passages.Select(passage => passage.Heading));
    }

    [Fact]
    public void Html_OfAnotherEncoding_IsReadAsItSays()
    {
        var page = Encoding.Latin1.GetBytes("<html><head><meta charset=\"iso-8859-1\"></head><body>caf\u00e9</body></html>");
        Assert.Equal("caf\u00e9\n", Assert.Single(Read("page.htm", page).Documents).Text);
    }

    [Fact]
    public void Html_NestedWithoutEnd_EndsNothing()
    {
        var page = Encoding.UTF8.GetBytes($"<p>Shallow.</p>{string.Concat(Enumerable.Repeat("<div>", 5_000))}deep");
        Assert.Contains("Shallow.", Assert.Single(Read("nested.html", page).Documents).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pdf_Pages_AreCitedByNumber()
    {
        var folder = Read("manual.pdf", Pdf("Goods may be returned within 30 days.", "Devices carry a warranty of two years."));

        var document = Assert.Single(folder.Documents);
        var index = new Bm25Index(Split(document));

        Assert.Equal(2, document.Pages.Count);
        var found = index.Search("How long is the warranty?", 1)[0].Passage;
        Assert.Equal(2, found.Page);
        Assert.Equal("Devices carry a warranty of two years.", found.Text);
        Assert.Equal(found.Text, document.Text.Substring(found.Offset, found.Text.Length));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.02)]
    [InlineData(0)]
    public void Pdf_CutOff_IsSkippedByNameInOneLine(double share)
    {
        var whole = Pdf("Goods may be returned within 30 days.");
        var files = new List<(string, ReadOnlyMemory<byte>)> { ("broken.pdf", whole.AsMemory(0, (int)(whole.Length * share))), ("good.md", "# Good"u8.ToArray()) };

        var folder = KnowledgeFolder.FromFiles("kb", files);

        var skipped = Assert.Single(folder.Skipped);
        Assert.StartsWith("broken.pdf: a PDF", skipped, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', skipped);
        Assert.Equal("kb/good.md", Assert.Single(folder.Documents).Source);
    }

    [Fact]
    public void Pdf_WithoutText_IsSkippedAsAScan() => Assert.Contains("scan", Assert.Single(Read("scan.pdf", Pdf("")).Skipped), StringComparison.Ordinal);

    private static KnowledgeFolder Read(string name, byte[] content) => KnowledgeFolder.FromFiles("kb", [(name, content)]);

    private static IReadOnlyList<Passage> Split(KnowledgeDocument document) => new PassageSplitter(text => text.Length, new PassageOptions(200, 16)).Split(document);

    private static byte[] Pdf(params string[] pages)
    {
        using var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        foreach (var text in pages)
        {
            var page = builder.AddPage(PageSize.A4);
            if (text.Length > 0)
            {
                page.AddText(text, 12, new PdfPoint(50, 700), font);
            }
        }

        return builder.Build();
    }
}
