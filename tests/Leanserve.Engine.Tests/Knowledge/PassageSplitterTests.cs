using CsCheck;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Engine.Tests.Knowledge;

public sealed class PassageSplitterTests
{
    private const string Handbook = """
        # Handbook
        ## Returns
        Goods may be returned within 30 days. A receipt is needed.

        ## Shipping
        ### Abroad
        Parcels abroad take two weeks.
        ```
        # not a heading
        ```
        """;

    // One token for a run of letters or digits, one for each other character that is no white space: close to what BPE does, and fast.
    private static int CountTokens(string text)
    {
        var tokens = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isWord = char.IsLetterOrDigit(text[i]);
            tokens += !char.IsWhiteSpace(text[i]) && !(isWord && i > 0 && char.IsLetterOrDigit(text[i - 1])) ? 1 : 0;
        }

        return tokens;
    }

    private static IReadOnlyList<Passage> Split(string text, int maxTokens, int overlapTokens, string source = "kb/text.txt") =>
        new PassageSplitter(CountTokens, new PassageOptions(maxTokens, overlapTokens)).Split(new KnowledgeDocument(source, text));

    [Fact]
    public void Split_Markdown_CutsAtHeadingsAndKeepsTheirPath()
    {
        var passages = Split(Handbook, 100, 0, "kb/handbook.md");

        Assert.Equal(["Handbook > Returns", "Handbook > Shipping > Abroad"], passages.Select(passage => passage.Heading));
        Assert.StartsWith("# Handbook\n## Returns\nGoods", passages[0].Text, StringComparison.Ordinal);
        Assert.Contains("# not a heading", passages[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_PlainText_TakesHashForText()
    {
        var passage = Assert.Single(Split("# one\n\n# two", 100, 0));

        Assert.Equal("", passage.Heading);
    }

    [Fact]
    public void Split_LongParagraph_SharesWholeWordsWithTheNextPassage()
    {
        var text = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"w{i}"));

        var passages = Split(text, 20, 4);

        Assert.True(passages.Count > 3);
        foreach (var (left, right) in passages.Zip(passages.Skip(1)))
        {
            var shared = left.Offset + left.Text.Length - right.Offset;
            Assert.True(shared > 0);
            Assert.InRange(CountTokens(right.Text[..shared]), 1, 4);
        }
    }

    [Fact]
    public void Split_BlankDocument_HasNoPassages() => Assert.Empty(Split(" \n\n\t", 8, 0));

    [Fact]
    public void Split_AnyText_IsCoveredWithinTheBound() =>
        Gen.Select(Gen.OneOf(Gen.String[Gen.Char["ab .\n#é"], 0, 400], Gen.String[0, 60]), Gen.Int[8, 40], Gen.Bool).Sample((text, max, isMarkdown) =>
        {
            var passages = Split(text, max, max / 4, isMarkdown ? "kb/a.md" : "kb/a.txt");
            var covered = new bool[text.Length];
            foreach (var passage in passages)
            {
                Assert.Equal(text.Substring(passage.Offset, passage.Text.Length), passage.Text);
                Assert.InRange(passage.Tokens, 1, max);
                Assert.Equal(CountTokens(passage.Text), passage.Tokens);
                covered.AsSpan(passage.Offset, passage.Text.Length).Fill(true);
            }

            Assert.DoesNotContain(Enumerable.Range(0, text.Length), i => !covered[i] && !char.IsWhiteSpace(text[i]));
            Assert.Equal(Enumerable.Range(0, passages.Count), passages.Select(passage => passage.Number));
        });
}
