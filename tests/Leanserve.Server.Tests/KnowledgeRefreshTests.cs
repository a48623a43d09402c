using System.Text.Json.Nodes;
using Leanserve.Contracts;
using Leanserve.Server.Hosting;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>Documents that change while they are served.</summary>
public sealed class KnowledgeRefreshTests(TinyModel model) : IDisposable
{
    private const string Longer = "# Returns\n\nGoods may be returned within sixty days of delivery, and within ninety if they were a gift.\n\n# Warranty\n\nDevices carry a warranty of two years.\n";

    private readonly KnowledgeFiles files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(KnowledgeMode.Dense)]
    [InlineData(KnowledgeMode.Cag)]
    [InlineData(KnowledgeMode.Rag)]
    public async Task Refresh_ChangedFile_IsAnsweredFromAsAFreshServerWould(KnowledgeMode mode)
    {
        await using var server = await StartAsync(mode);
        var before = await HashAsync(server);

        Write("returns.md", Longer);
        var after = await ChangedAsync(server, before);
        var refreshed = await AskAsync(server, "How long may goods be returned?");

        await using var fresh = await StartAsync(mode);
        var expected = await AskAsync(fresh, "How long may goods be returned?");
        Assert.Equal(await HashAsync(fresh), after);
        Assert.Equal(Content(expected), Content(refreshed));
        Assert.Equal((int)expected["usage"]!["prompt_tokens"]!, (int)refreshed["usage"]!["prompt_tokens"]!);
        Assert.Equal(mode == KnowledgeMode.Cag, (int)refreshed["usage"]!["prompt_tokens_details"]!["cached_tokens"]! > Longer.Length);
        Assert.Contains($"leanserve_knowledge_info{{source=\"handbook\",hash=\"{after}\"}} 1", await MetricsAsync(server), StringComparison.Ordinal);
        Assert.DoesNotContain(before, await MetricsAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_WhileRequestsRun_LeavesEachAnswerAsItWouldBeAlone()
    {
        await using var server = await StartAsync(KnowledgeMode.Cag);
        var alone = Content(await AskAsync(server, "Islands?", 400));
        var before = await HashAsync(server);

        var running = Enumerable.Range(0, 4).Select(_ => AskAsync(server, "Islands?", 400)).ToList();
        Write("returns.md", Longer);
        var during = new List<Task<JsonNode>>();
        while (await HashAsync(server) == before)
        {
            during.Add(AskAsync(server, "Warranty?", 8));
            await during[^1];
        }

        Assert.All(await Task.WhenAll(running), answer => Assert.Equal(alone, Content(answer)));
        await using var fresh = await StartAsync(KnowledgeMode.Cag);
        var expected = Content(await AskAsync(fresh, "Islands?", 400));
        Assert.Equal(expected, Content(await AskAsync(server, "Islands?", 400)));
        await OutcomeAsync(server, "Beside");
        await EventuallyAsync(async () => await SlotsAsync(server, "preloaded") < (1.5 * await SlotsAsync(fresh, "preloaded")));
    }

    [Fact]
    public async Task Refresh_NoRoomBeside_DrainsAndLosesNoRequest()
    {
        // Room for the former documents (some 400 tokens) or for the new ones (some 850), and for answers, but not for both.
        await using var server = await StartAsync(KnowledgeMode.Cag, limits => limits with { KvSlots = 1000, MaxOutputTokens = 128 });
        var before = await HashAsync(server);

        var running = Enumerable.Range(0, 3).Select(_ => AskAsync(server, "Islands?", 100)).ToList();
        Write("returns.md", string.Concat(Enumerable.Repeat("All of it is new. ", 32)));
        while (await HashAsync(server) == before)
        {
            running.Add(AskAsync(server, "Warranty?", 4));
            await running[^1];
        }

        await Task.WhenAll(running);
        await OutcomeAsync(server, "Drained");
        Assert.True((int)(await AskAsync(server, "Islands?"))["usage"]!["prompt_tokens_details"]!["cached_tokens"]! > 300);
    }

    [Fact]
    public async Task Refresh_DocumentsBeyondTheSlots_KeepsServingTheFormerOnes()
    {
        await using var server = await StartAsync(KnowledgeMode.Cag, limits => limits with { KvSlots = 900, MaxOutputTokens = 128 });
        var before = await HashAsync(server);
        var alone = Content(await AskAsync(server, "Islands?"));

        Write("returns.md", string.Concat(Enumerable.Repeat("many words ", 200)));
        await OutcomeAsync(server, "Refused");

        Assert.Equal(before, await HashAsync(server));
        Assert.Equal(alone, Content(await AskAsync(server, "Islands?")));
    }

    [Fact]
    public async Task Refresh_ConfigMapVolumeSwapped_IsNoticed()
    {
        var volume = Directory.CreateTempSubdirectory("volume-").FullName;
        void Mount(string revision, string text)
        {
            Directory.CreateDirectory(Path.Combine(volume, revision));
            File.WriteAllText(Path.Combine(volume, revision, "office.md"), text);
            File.Delete(Path.Combine(volume, "..data"));
            File.CreateSymbolicLink(Path.Combine(volume, "..data"), revision);
        }

        try
        {
            Mount("..1", "The office closes at 19:00.");
            File.CreateSymbolicLink(Path.Combine(volume, "office.md"), "..data/office.md");
            await using var server = await StartAsync(
                KnowledgeMode.Rag, knowledge: files.Config(KnowledgeMode.Rag) with { Sources = [new KnowledgeDirectory { Name = "handbook", Directory = volume }] });
            var before = await HashAsync(server);

            Mount("..2", "The office closes at 20:30.");
            await ChangedAsync(server, before);

            var answer = await AskAsync(server, "When does the office close?");
            Assert.Contains("20:30", (string?)answer["leanserve"]!["retrieved"]![0]!["text"], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(volume, recursive: true);
        }
    }

    private static async Task OutcomeAsync(TestServer server, string outcome) => await EventuallyAsync(
        async () => (await MetricsAsync(server)).Contains($"leanserve_knowledge_refreshes_total{{outcome=\"{outcome}\"}} 1", StringComparison.Ordinal));

    private static async Task<string> ChangedAsync(TestServer server, string before)
    {
        await EventuallyAsync(async () => await HashAsync(server) != before);
        return await HashAsync(server);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task<string> HashAsync(TestServer server) =>
        (string)JsonNode.Parse(await server.Http.GetStringAsync("/v1/models", Cancellation))!["data"]![0]!["leanserve"]!["sources"]![0]!["content_hash"]!;

    private static Task<string> MetricsAsync(TestServer server) => server.Http.GetStringAsync("/metrics", Cancellation);

    private static async Task<double> SlotsAsync(TestServer server, string state)
    {
        var line = (await MetricsAsync(server)).Split('\n').Single(each => each.StartsWith($"leanserve_kv_slots{{state=\"{state}\"}}", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Content(JsonNode answer) => (string)answer["choices"]![0]!["message"]!["content"]!;

    private Task<JsonNode> AskAsync(TestServer server, string question, int tokens = 32) => server.PostAsync(
        "/v1/chat/completions",
        new
        {
            model = TestServer.ModelName,
            messages = new[] { new { role = "user", content = question } },
            temperature = 0,
            max_tokens = tokens,
            logit_bias = model.NeverEnd,
        },
        Cancellation);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(files.Root, name), text);

    private Task<TestServer> StartAsync(KnowledgeMode mode, Func<EngineLimits, EngineLimits>? limits = null, KnowledgeConfig? knowledge = null)
    {
        var config = TestServer.Config(model) with { Knowledge = knowledge ?? files.Config(mode) };
        return TestServer.StartAsync(
            config with { Limits = limits?.Invoke(config.Limits) ?? config.Limits },
            new ServerOptions { KnowledgeInterval = TimeSpan.FromMilliseconds(20) });
    }
}
