using CsCheck;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Engine.Tests.Knowledge;

public sealed class PassageIndexTests
{
    private static readonly string[] Words = ["tea", "coffee", "island", "parcel", "refund", "warranty", "office", "soup"];

    [Fact]
    public void Build_AfterRandomChanges_SearchesAsAnIndexOfAllThoseDocumentsDoes() =>
        Gen.Int[0, 1_000_000].Sample(
            seed =>
            {
                var random = new Random(seed);
                var documents = Enumerable.Range(0, 6).Select(i => Document(random, i)).ToList();
                var index = PassageIndex.Build(documents, Splitter(), null);
                for (var change = 0; change < 5; change++)
                {
                    var at = random.Next(6);
                    documents[at] = Document(random, at);
                    index = PassageIndex.Build(documents, Splitter(), index);
                    var whole = PassageIndex.Build(documents, Splitter(), null);
                    var query = $"{Words[random.Next(Words.Length)]} {Words[random.Next(Words.Length)]}";
                    Assert.Equal(whole.Search(query, 5), index.Search(query, 5));
                    Assert.Equal(5, index.ReusedDocuments);
                }
            },
            iter: 50,
            threads: 1);

    [Fact]
    public void Build_OneDocumentChanged_CutsThatOneOnly()
    {
        var counted = 0;
        var splitter = new PassageSplitter(text => { counted++; return text.Length; }, new PassageOptions(64, 8));
        List<KnowledgeDocument> documents = [new("kb/a.md", "Tea is served at four."), new("kb/b.md", "Soup is served at noon.")];
        var first = PassageIndex.Build(documents, splitter, null);
        var all = counted;
        documents[1] = new KnowledgeDocument("kb/b.md", "Soup is served at nine.");

        var second = PassageIndex.Build(documents, splitter, first);

        Assert.Equal(1, second.ReusedDocuments);
        Assert.Equal(all + (all / 2), counted);
        Assert.Contains("nine", second.Search("soup", 1)[0].Passage.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_OneSourceAccepted_LeavesTheOthersOut()
    {
        var index = PassageIndex.Build([new("a/x.md", "Soup soup soup."), new("b/x.md", "Some soup.")], Splitter(), null);

        var found = Assert.Single(index.Search("soup", 5, passage => passage.Source.StartsWith("b/", StringComparison.Ordinal)));

        Assert.Equal("b/x.md", found.Passage.Source);
    }

    private static PassageSplitter Splitter() => new(text => text.Length, new PassageOptions(64, 8));

    private static KnowledgeDocument Document(Random random, int number) => new(
        $"kb/{number}.md", $"{random.Next(1_000_000)} {string.Join(' ', Enumerable.Range(0, 30).Select(_ => Words[random.Next(Words.Length)]))}.");
}
