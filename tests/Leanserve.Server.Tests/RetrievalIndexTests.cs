using CsCheck;
using Leanserve.Contracts;
using Leanserve.Engine.Knowledge;
using Leanserve.Onnx;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>The index of words and vectors over a real encoder, without a server around it.</summary>
public sealed class RetrievalIndexTests : IDisposable
{
    private static readonly Dictionary<UInt128, float[]> Nothing = [];

    private readonly SynonymEncoder encoder = new();
    private readonly IEmbedder embedder;

    public RetrievalIndexTests() => embedder = EmbeddingFolder.Open(encoder.Directory).CreateEmbedder(threads: 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        embedder.Dispose();
        encoder.Dispose();
    }

    private Task<RetrievalIndex> BuildAsync(string text, RetrievalIndex? former = null) => RetrievalIndex.BuildAsync(
        RetrievalMode.Hybrid,
        [new KnowledgeDocument("kb/a.md", text), new KnowledgeDocument("kb/b.md", "The meal is a holiday.")],
        new PassageSplitter(piece => embedder.Tokenize(piece, EmbeddingUse.Text).Count, new PassageOptions(32, 0)),
        embedder,
        Nothing,
        former,
        Cancellation);

    [Fact]
    public async Task Build_OneSectionOfADocumentChanged_EmbedsThatOneOnly()
    {
        var first = await BuildAsync("# A\nThe car.\n# B\nThe doctor.\n# C\nThe price.");

        var second = await BuildAsync("# A\nThe car.\n# New\nThe office.\n# C\nThe price.", first);

        Assert.Equal((4, 1), (first.Vectors!.Embedded, second.Vectors!.Embedded));
        Assert.Equal(4, second.Count);
        Assert.Contains("office", (await second.SearchAsync("my workplace", 1, null, Cancellation))[0].Passage.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await second.SearchAsync("physician", 4, null, Cancellation), found => found.Passage.Text.Contains("doctor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Search_FusedScores_AreTheSumsOfReciprocalRanks()
    {
        var index = await BuildAsync("# A\nThe car.\n# B\nThe automobile stands.\n# C\nThe price.");

        var found = await index.SearchAsync("car", 4, null, Cancellation);

        Assert.Contains("The car", found[0].Passage.Text, StringComparison.Ordinal);
        Assert.Equal((1.0 / 61) + (1.0 / 61), found[0].Score, 1e-12);
        Assert.Contains("automobile", found[1].Passage.Text, StringComparison.Ordinal);
        Assert.Equal(1.0 / 62, found[1].Score, 1e-12);
    }

    [Fact]
    public async Task Embed_PassageLongerThanTheModel_CountsIt()
    {
        var index = await RetrievalIndex.BuildAsync(
            RetrievalMode.Vector,
            [new KnowledgeDocument("kb/a.txt", string.Join(' ', Enumerable.Repeat("car", SynonymEncoder.MaxTokens + 8)))],
            new PassageSplitter(piece => piece.Length / 4, new PassageOptions(512, 0)),
            embedder,
            Nothing,
            null,
            Cancellation);

        Assert.Equal((1, 1), (index.Vectors!.Embedded, index.Vectors.Truncated));
    }

    [Fact]
    public void VectorFile_AnyVectors_ComeBackAsTheyWere() =>
        Gen.Select(Gen.ULong, Gen.Float[-1, 1].Array[3]).List[0, 40].Sample(pairs =>
        {
            var path = Path.Combine(encoder.Directory, $"{Guid.NewGuid():N}.vectors");
            var vectors = pairs.DistinctBy(pair => pair.Item1).ToDictionary(pair => (UInt128)pair.Item1 << 7, pair => pair.Item2);

            new VectorFile(path, "model", 3).Write(vectors);

            Assert.Equal(vectors, new VectorFile(path, "model", 3).Read());
            Assert.Throws<InvalidDataException>(() => new VectorFile(path, "another", 3).Read());
            Assert.Throws<InvalidDataException>(() => new VectorFile(path, "model", 4).Read());
        });

    [Theory]
    [InlineData("Hello CARS, Café!", "[UNK] car ##s [UNK] [UNK] [UNK]")]
    [InlineData("physician's", "physician [UNK] [UNK]")]
    [InlineData("a\ud800b", "[UNK]")]
    public void Tokenize_Text_IsSplitAsBertDoes(string text, string expected) =>
        Assert.Equal(expected.Split(' '), embedder.Tokenize(text, EmbeddingUse.Text).Select(id => encoder.Vocabulary[id]));
}
