using CsCheck;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Engine.Tests.Knowledge;

public sealed class Bm25IndexTests
{
    private static Passage Passage(string source, string text, int offset = 0, string heading = "") => new(source, 0, heading, offset, text, 1);

    [Fact]
    public void Search_Question_FindsThePassageThatAnswersIt()
    {
        var index = new Bm25Index(
        [
            Passage("kb/returns.md", "Goods may be returned within thirty days of delivery."),
            Passage("kb/shipping.md", "Parcels are shipped on the day of the order."),
            Passage("kb/refund.md", "Refunds are paid to the card that was used."),
        ]);

        var found = index.Search("How is a refund paid?", 2);

        Assert.Equal("kb/refund.md", found[0].Passage.Source);
        Assert.True(found.Count < 2 || found[0].Score > found[1].Score);
    }

    [Fact]
    public void Search_KnownCorpus_ScoresAsTheFormulaSays()
    {
        var index = new Bm25Index([Passage("a", "red red blue"), Passage("b", "blue")]);

        var found = Assert.Single(index.Search("red", 5));

        var inverseDocumentFrequency = Math.Log(1 + ((2 - 1 + 0.5) / (1 + 0.5)));
        var expected = inverseDocumentFrequency * 2 * 2.2 / (2 + (1.2 * (1 - 0.75 + (0.75 * 3 / 2.0))));
        Assert.Equal(expected, found.Score, 12);
    }

    [Fact]
    public void Search_EqualScores_GoBySourceThenOffset()
    {
        var index = new Bm25Index([Passage("b", "tea"), Passage("a", "tea", 9), Passage("a", "tea", 2)]);

        Assert.Equal([("a", 2), ("a", 9), ("b", 0)], index.Search("tea", 3).Select(found => (found.Passage.Source, found.Passage.Offset)));
    }

    [Theory]
    [InlineData("returns", "return")]
    [InlineData("Policies", "policy")]
    [InlineData("CAFÉ", "café")]
    [InlineData("退货", "货")]
    public void Search_OtherSpelling_FindsTheSameTerm(string written, string asked) =>
        Assert.Single(new Bm25Index([Passage("a", written)]).Search(asked, 1));

    [Fact]
    public void Search_TermOfTheHeading_FindsThePassage() =>
        Assert.Single(new Bm25Index([Passage("a", "Within 30 days.", heading: "Handbook > Warranty")]).Search("warranty", 1));

    [Fact]
    public void Search_EmptyIndexOrQuery_FindsNothing()
    {
        Assert.Empty(new Bm25Index([]).Search("tea", 3));
        Assert.Empty(new Bm25Index([Passage("a", "tea")]).Search("?!", 3));
    }

    [Fact]
    public void Search_AnyOrderOfPassages_GivesTheSameResult() =>
        Gen.Select(Gen.String[Gen.Char["abc "], 0, 30].Array[1, 12], Gen.String[Gen.Char["abc "], 0, 10]).Sample((texts, query) =>
        {
            var passages = texts.Select((text, i) => Passage($"d{i:00}", text)).ToList();

            var forward = new Bm25Index(passages).Search(query, 5);
            var backward = new Bm25Index(Enumerable.Reverse(passages)).Search(query, 5);

            Assert.Equal(forward, backward);
        });
}
