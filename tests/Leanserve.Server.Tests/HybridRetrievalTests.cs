using System.Text.Json.Nodes;
using Leanserve.Contracts;
using Leanserve.Server.Hosting;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>Retrieval by words, by meanings and by both, on a real encoder that knows synonyms.</summary>
public sealed class HybridRetrievalTests : IDisposable
{
    private readonly TinyModel model;
    private readonly SynonymEncoder encoder = new();
    private readonly string documents = Directory.CreateTempSubdirectory("hybrid-").FullName;
    private readonly string snapshots = Directory.CreateTempSubdirectory("vectors-").FullName;

    public HybridRetrievalTests(TinyModel model)
    {
        this.model = model;
        Write("garage.txt", "The automobile stands for repair.");
        Write("practice.txt", "The physician sees a package.");
        Write("canteen.txt", "The meal is for the workplace.");
        Write("hall.txt", "Hall b takes the vacation.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string VectorFile => Path.Combine(snapshots, "passages.vectors");

    public void Dispose()
    {
        encoder.Dispose();
        Directory.Delete(documents, recursive: true);
        Directory.Delete(snapshots, recursive: true);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(documents, name), text);

    private Task<TestServer> StartAsync(RetrievalMode? retrieval, int passages = 1) => TestServer.StartAsync(
        TestServer.Config(model) with
        {
            EmbeddingModel = new EmbeddingModelConfig { ModelName = "vectors", ModelDirectory = encoder.Directory },
            Knowledge = new KnowledgeConfig
            {
                Mode = KnowledgeMode.Rag,
                Retrieval = retrieval,
                RetrievedPassages = passages,
                SnapshotDirectory = snapshots,
                Sources = [new KnowledgeDirectory { Name = "kb", Directory = documents }],
            },
        },
        new ServerOptions { KnowledgeInterval = TimeSpan.FromMilliseconds(20) });

    private static async Task<JsonNode> AskAsync(TestServer server, string question) => (await server.PostAsync(
        "/v1/chat/completions", new { model = TestServer.ModelName, messages = new[] { new { role = "user", content = question } }, max_tokens = 1 }, Cancellation))["leanserve"]!;

    private static IEnumerable<string> Sources(JsonNode answer) => answer["retrieved"]!.AsArray().Select(passage => (string)passage!["source"]!);

    [Fact]
    public async Task Question_InOtherWords_IsFoundByMeaningWhereWordsFindNothing()
    {
        await using var words = await StartAsync(RetrievalMode.Keyword);
        await using var meanings = await StartAsync(RetrievalMode.Vector);
        await using var both = await StartAsync(null);

        Assert.Empty(Sources(await AskAsync(words, "fix my car")));
        Assert.Equal(["kb/garage.txt"], Sources(await AskAsync(meanings, "fix my car")));
        var answer = await AskAsync(both, "fix my car");
        Assert.Equal(["kb/garage.txt"], Sources(answer));
        Assert.True((double)answer["timings"]!["retrieval_ms"]! > 0);
    }

    [Fact]
    public async Task Hybrid_WordsThatTheEncoderDoesNotKnow_AreFoundByWords()
    {
        Write("code.txt", "E4711 is a start.");
        await using var meanings = await StartAsync(RetrievalMode.Vector, passages: 2);
        await using var both = await StartAsync(RetrievalMode.Hybrid, passages: 2);

        Assert.DoesNotContain("kb/code.txt", Sources(await AskAsync(meanings, "E4711 car doctor")));
        Assert.Equal("kb/code.txt", Sources(await AskAsync(both, "E4711 car doctor")).First());
    }

    [Fact]
    public async Task Restart_WithKeptVectors_EmbedsNothingAndAnswersAlike()
    {
        string first;
        await using (var server = await StartAsync(null, passages: 3))
        {
            first = (await AskAsync(server, "my doctor"))["retrieved"]!.ToJsonString();
        }

        var written = File.GetLastWriteTimeUtc(VectorFile);
        await using var again = await StartAsync(null, passages: 3);

        Assert.Equal(first, (await AskAsync(again, "my doctor"))["retrieved"]!.ToJsonString());
        Assert.Equal(written, File.GetLastWriteTimeUtc(VectorFile));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("bit")]
    [InlineData("empty")]
    public async Task Restart_DamagedVectors_AreComputedAgain(string damage)
    {
        await using (var server = await StartAsync(null))
        {
            await AskAsync(server, "my doctor");
        }

        var good = await File.ReadAllBytesAsync(VectorFile, Cancellation);
        var bad = damage switch { "cut" => good[..^5], "empty" => [], _ => [.. good[..^1], (byte)(good[^1] ^ 1)] };
        await File.WriteAllBytesAsync(VectorFile, bad, Cancellation);
        await using var again = await StartAsync(null);

        Assert.Equal(["kb/practice.txt"], Sources(await AskAsync(again, "my doctor")));
        Assert.Equal(good, await File.ReadAllBytesAsync(VectorFile, Cancellation));
    }

    [Fact]
    public async Task Refresh_ChangedDocument_IsFoundByItsNewMeaning()
    {
        await using var server = await StartAsync(null);
        Assert.Equal(["kb/garage.txt"], Sources(await AskAsync(server, "fix my car")));

        Write("garage.txt", "The price is a start.");
        Write("depot.txt", "The vehicle stands for repair.");

        await Eventually.HoldsAsync(async () => Sources(await AskAsync(server, "fix my car")).SequenceEqual(["kb/depot.txt"]));
    }
}
