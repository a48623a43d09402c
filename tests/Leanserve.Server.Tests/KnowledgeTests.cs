using System.Text.Json.Nodes;
using Leanserve.Contracts;
using Leanserve.Server.Hosting;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

public sealed class KnowledgeTests(TinyModel model) : IDisposable
{
    private readonly KnowledgeFiles files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => files.Dispose();

    private Task<TestServer> StartAsync(KnowledgeMode mode) =>
        TestServer.StartAsync(TestServer.Config(model) with { Knowledge = files.Config(mode) });

    private static object Question(string text) => new
    {
        model = TestServer.ModelName,
        messages = new[] { new { role = "system", content = "Be brief." }, new { role = "user", content = text } },
        temperature = 0,
        max_tokens = 48,
    };

    private static IEnumerable<string> SourcesOf(JsonNode answer) => answer["leanserve"]!["sources"]!.AsArray().Select(source => (string)source!["name"]!);

    private static string Content(JsonNode answer) => (string)answer["choices"]![0]!["message"]!["content"]!;

    [Fact]
    public async Task Cag_SameQuestions_AnswersAsTheFullPromptDoesTokenForToken()
    {
        await using var dense = await StartAsync(KnowledgeMode.Dense);
        await using var cag = await StartAsync(KnowledgeMode.Cag);
        foreach (var question in new[] { "How long may goods be returned?", "Islands?", "" })
        {
            var full = await dense.PostAsync("/v1/chat/completions", Question(question), Cancellation);
            var cached = await cag.PostAsync("/v1/chat/completions", Question(question), Cancellation);

            Assert.Equal(Content(full), Content(cached));
            Assert.Equal((int)full["usage"]!["prompt_tokens"]!, (int)cached["usage"]!["prompt_tokens"]!);
            Assert.Equal("Cag", (string?)cached["leanserve"]!["strategy"]!["knowledge"]);
        }
    }

    [Fact]
    public async Task Cag_FirstQuestion_FindsTheDocumentsInTheCache()
    {
        await using var cag = await StartAsync(KnowledgeMode.Cag);

        var chat = await cag.PostAsync("/v1/chat/completions", Question("Islands?"), Cancellation);
        var plain = await cag.PostAsync("/v1/completions", new { model = TestServer.ModelName, prompt = "Islands", max_tokens = 2 }, Cancellation);

        Assert.True((int)chat["usage"]!["prompt_tokens_details"]!["cached_tokens"]! > 300);
        Assert.True((int)plain["usage"]!["prompt_tokens_details"]!["cached_tokens"]! > 300);
    }

    [Fact]
    public async Task Completions_CagAndDense_AnswerAlike()
    {
        await using var dense = await StartAsync(KnowledgeMode.Dense);
        await using var cag = await StartAsync(KnowledgeMode.Cag);
        var body = new { model = TestServer.ModelName, prompt = "Islands", max_tokens = 32, temperature = 0 };

        var full = await dense.PostAsync("/v1/completions", body, Cancellation);
        var cached = await cag.PostAsync("/v1/completions", body, Cancellation);

        Assert.Equal((string?)full["choices"]![0]!["text"], (string?)cached["choices"]![0]!["text"]);
    }

    [Fact]
    public async Task Rag_Question_PutsThePassageThatAnswersIntoThePromptAndCitesIt()
    {
        await using var rag = await StartAsync(KnowledgeMode.Rag);

        var answer = await rag.PostAsync("/v1/chat/completions", Question("How long does a warranty last?"), Cancellation);
        var other = await rag.PostAsync("/v1/chat/completions", Question("When do parcels reach islands?"), Cancellation);
        var none = await rag.PostAsync("/v1/chat/completions", Question("zzz"), Cancellation);

        var passage = Assert.Single(answer["leanserve"]!["retrieved"]!.AsArray())!;
        Assert.Equal("handbook/returns.md", (string?)passage["source"]);
        Assert.Equal("Warranty", (string?)passage["heading"]);
        Assert.Contains("two years", (string?)passage["text"], StringComparison.Ordinal);
        Assert.True((double)passage["score"]! > 0);
        Assert.Equal("handbook/shipping.txt", (string?)other["leanserve"]!["retrieved"]![0]!["source"]);
        Assert.Empty(none["leanserve"]!["retrieved"]!.AsArray());
        Assert.True((int)answer["usage"]!["prompt_tokens"]! > (int)none["usage"]!["prompt_tokens"]! + 100);
    }

    [Theory]
    [InlineData(KnowledgeMode.Dense)]
    [InlineData(KnowledgeMode.Cag)]
    public async Task Knowledge_NamedSource_AnswersAsAServerOfThatSourceAlone(KnowledgeMode mode)
    {
        using var other = new KnowledgeFiles();
        File.WriteAllText(Path.Combine(other.Root, "menu.txt"), "The canteen serves soup on Mondays.");
        var config = files.Config(mode) with { Sources = [.. files.Config(mode).Sources, new KnowledgeDirectory { Name = "canteen", Directory = other.Root }] };
        await using var both = await TestServer.StartAsync(TestServer.Config(model) with { Knowledge = config });
        await using var alone = await TestServer.StartAsync(TestServer.Config(model) with { Knowledge = config with { Sources = [config.Sources[1]] } });

        var expected = await alone.PostAsync("/v1/chat/completions", Question("Soup?"), Cancellation);
        var named = await both.PostAsync("/v1/chat/completions", Asking("Soup?", "canteen"), Cancellation);
        var again = await both.PostAsync("/v1/chat/completions", Asking("Soup?", new[] { "canteen" }), Cancellation);
        var all = await both.PostAsync("/v1/chat/completions", Question("Soup?"), Cancellation);
        var listed = await both.PostAsync("/v1/chat/completions", Asking("Soup?", new[] { "canteen", "handbook" }), Cancellation);
        var none = await both.PostAsync("/v1/chat/completions", Asking("Soup?", Array.Empty<string>()), Cancellation);

        Assert.Equal(Content(expected), Content(named));
        Assert.Equal((int)expected["usage"]!["prompt_tokens"]!, (int)named["usage"]!["prompt_tokens"]!);
        Assert.True((int)again["usage"]!["prompt_tokens_details"]!["cached_tokens"]! > 300);
        Assert.Equal(Content(all), Content(listed));
        Assert.True((int)none["usage"]!["prompt_tokens"]! < 100);
        Assert.Equal(["canteen"], SourcesOf(named));
        Assert.Equal(["handbook", "canteen"], SourcesOf(all));
        Assert.Empty(SourcesOf(none));
    }

    [Fact]
    public async Task Rag_NamedSource_FindsPassagesOfThatSourceOnly()
    {
        using var other = new KnowledgeFiles();
        var config = files.Config(KnowledgeMode.Rag) with { RetrievedPassages = 4 };
        config = config with { Sources = [.. config.Sources, new KnowledgeDirectory { Name = "other", Directory = other.Root }] };
        await using var rag = await TestServer.StartAsync(TestServer.Config(model) with { Knowledge = config });

        var answer = await rag.PostAsync("/v1/chat/completions", Asking("How long does a warranty last?", "other"), Cancellation);

        Assert.All(answer["leanserve"]!["retrieved"]!.AsArray(), found => Assert.StartsWith("other/", (string?)found!["source"], StringComparison.Ordinal));
        Assert.NotEmpty(answer["leanserve"]!["retrieved"]!.AsArray());
    }

    [Fact]
    public async Task Knowledge_UnknownName_IsRefusedWithTheKnownOnes()
    {
        await using var rag = await StartAsync(KnowledgeMode.Rag);
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Asking("Soup?", "canteen"));

        var (status, error) = await rag.PostForErrorAsync("/v1/chat/completions", body, Cancellation);

        Assert.Equal(400, status);
        Assert.Equal("knowledge", error.GetProperty("param").GetString());
        Assert.Contains("handbook", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static object Asking(string text, object knowledge) => new
    {
        model = TestServer.ModelName,
        messages = new[] { new { role = "system", content = "Be brief." }, new { role = "user", content = text } },
        temperature = 0,
        max_tokens = 48,
        knowledge,
    };

    [Fact]
    public async Task Start_DocumentsBeyondTheContext_SaysSoWithTheNumbers()
    {
        File.WriteAllText(Path.Combine(files.Root, "long.txt"), string.Concat(Enumerable.Repeat("many words ", 1000)));
        await using var server = await TestServer.ListenAsync(TestServer.Config(model) with { Knowledge = files.Config(KnowledgeMode.Cag) });

        var exception = await Assert.ThrowsAsync<StartupException>(() => server.Host.Ready);

        Assert.Contains($"context is {TinyModel.ContextTokens}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Rag", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MissingFolder_NamesTheSource()
    {
        var config = TestServer.Config(model) with { Knowledge = new KnowledgeConfig { Mode = KnowledgeMode.Rag, Sources = [new KnowledgeDirectory { Name = "wiki", Directory = "/nowhere" }] } };
        await using var server = await TestServer.ListenAsync(config);

        var exception = await Assert.ThrowsAsync<StartupException>(() => server.Host.Ready);

        Assert.Contains("'wiki'", exception.Message, StringComparison.Ordinal);
    }
}
