using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using Leanserve.Contracts;
using Leanserve.Server.Hosting;
using Leanserve.Server.Tests.Support;
using OpenAI;
using OpenAI.Chat;

namespace Leanserve.Server.Tests;

/// <summary>What OpenAI's .NET client meets on a server that is busy, draining, limited, or answers from documents.</summary>
public sealed class OpenAiClientTrafficTests(TinyModel model)
{
    private static readonly ChatMessage[] Messages = [new UserChatMessage("When do parcels reach islands?")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RuntimeConfig OneAtATime => TestServer.Config(model) with
    {
        Limits = new EngineLimits { KvSlots = 8192, MaxConcurrentRequests = 1, MaxQueuedRequests = 0, MaxOutputTokens = 4096 },
    };

    /// <summary>A client that reports the first answer, whatever it is; by default it tries three times more.</summary>
    private static ChatClient WithoutRetries(TestServer server) => new OpenAIClient(
        new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(server.Host.Address, "v1"), RetryPolicy = new ClientRetryPolicy(0) })
        .GetChatClient(TestServer.ModelName);

    private ChatCompletionOptions Options(int maxTokens)
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = maxTokens };
        model.Tokenizer.EndTokens.ToList().ForEach(token => options.LogitBiases[token] = -100);
        return options;
    }

    private static Task RunningAsync(TestServer server) => Eventually.HoldsAsync(async () =>
        (await server.Http.GetStringAsync("/metrics", Cancellation)).Contains("leanserve_requests_running 1\n", StringComparison.Ordinal));

    [Fact]
    public async Task Chat_QueueFull_Is429WithRetryAfter()
    {
        await using var server = await TestServer.StartAsync(OneAtATime);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = server.Chat.CompleteChatAsync(Messages, Options(4000), leaving.Token);
        await RunningAsync(server);

        var refused = await Assert.ThrowsAsync<ClientResultException>(() => WithoutRetries(server).CompleteChatAsync(Messages, Options(1), Cancellation));

        Assert.Equal(429, refused.Status);
        Assert.True(refused.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var seconds));
        Assert.InRange(int.Parse(seconds!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Contains("queue_full", refused.Message, StringComparison.Ordinal);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Chat_QueueFullForAWhile_IsAnsweredOnceTheClientTriesAgain()
    {
        await using var server = await TestServer.StartAsync(OneAtATime);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = server.Chat.CompleteChatAsync(Messages, Options(4000), leaving.Token);
        await RunningAsync(server);

        var patient = server.Chat.CompleteChatAsync(Messages, Options(3), Cancellation);
        await Eventually.HoldsAsync(async () => (await server.Http.GetStringAsync("/metrics", Cancellation))
            .Contains("leanserve_requests_total{endpoint=\"chat\",status=\"429\"} 1", StringComparison.Ordinal));
        await leaving.CancelAsync();

        Assert.Equal(3, (await patient).Value.Usage.OutputTokenCount);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Chat_ServerDraining_Is503WhileTheStreamUnderWayIsFinished()
    {
        await using var server = await TestServer.StartAsync(TestServer.Config(model));
        var stream = Task.Run(async () =>
        {
            var tokens = 0;
            await foreach (var update in server.Chat.CompleteChatStreamingAsync(Messages, Options(1000), Cancellation))
            {
                tokens = update.Usage?.OutputTokenCount ?? tokens;
            }

            return tokens;
        });
        await RunningAsync(server);

        var drained = server.Host.DrainAsync();
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => WithoutRetries(server).CompleteChatAsync(Messages, Options(1), Cancellation));

        Assert.Equal(503, refused.Status);
        Assert.Equal(1000, await stream);
        await drained;
    }

    [Fact]
    public async Task Chat_BeyondTheLimits_IsRefusedWithTheirNumbers()
    {
        await using var server = await TestServer.StartAsync(TestServer.Config(model), new ServerOptions { MaxBodyBytes = 50_000 });

        var tooLarge = await Assert.ThrowsAsync<ClientResultException>(
            () => server.Chat.CompleteChatAsync([new UserChatMessage(new string('x', 60_000))], Options(1), Cancellation));
        var tooLong = await Assert.ThrowsAsync<ClientResultException>(
            () => server.Chat.CompleteChatAsync([new UserChatMessage(new string('x', 20_000))], Options(1), Cancellation));

        Assert.Equal(413, tooLarge.Status);
        Assert.Contains("50000 bytes", tooLarge.Message, StringComparison.Ordinal);
        Assert.Equal(400, tooLong.Status);
        Assert.Contains("context of 8192", tooLong.Message, StringComparison.Ordinal);
    }

    // The model writes single bytes, so that every other character is complete only after two to four tokens.
    [Fact]
    public async Task Chat_StreamOfLongCharacters_BringsThemWhole()
    {
        const string Text = "Grüße aus 東京 🎌";
        await using var server = await TestServer.StartAsync(TestServer.Config(model));
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = 200,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromObjectAsJson(new { @const = Text })),
        };
        var parts = new List<string>();

        await foreach (var update in server.Chat.CompleteChatStreamingAsync(Messages, options, Cancellation))
        {
            parts.AddRange(update.ContentUpdate.Select(part => part.Text));
        }

        Assert.Equal(Text, (string?)JsonNode.Parse(string.Concat(parts)));
        Assert.DoesNotContain(parts, part => part.Contains('\uFFFD', StringComparison.Ordinal));
        Assert.True(parts.Count(part => part.Length > 0) > Text.Length / 2, "The text came in few pieces, so it was not streamed.");
    }

    [Fact]
    public async Task Chat_CachedDocuments_AreCountedInTheUsage()
    {
        using var files = new KnowledgeFiles();
        await using var server = await TestServer.StartAsync(TestServer.Config(model) with { Knowledge = files.Config(KnowledgeMode.Cag) });

        ChatCompletion answer = await server.Chat.CompleteChatAsync(Messages, Options(2), Cancellation);

        Assert.InRange(answer.Usage.InputTokenDetails.CachedTokenCount, 300, answer.Usage.InputTokenCount - 1);
    }

    [Fact]
    public async Task Chat_RetrievedPassages_AreInTheRawAnswer()
    {
        using var files = new KnowledgeFiles();
        await using var server = await TestServer.StartAsync(TestServer.Config(model) with { Knowledge = files.Config(KnowledgeMode.Rag) });

        var answer = await server.Chat.CompleteChatAsync(Messages, Options(2), Cancellation);

        var leanserve = JsonNode.Parse(answer.GetRawResponse().Content)!["leanserve"]!;
        Assert.Equal("handbook/shipping.txt", (string?)leanserve["retrieved"]![0]!["source"]);
        Assert.True((double)leanserve["retrieved"]![0]!["score"]! > 0);
        Assert.Equal("handbook", (string?)leanserve["sources"]![0]!["name"]);
    }

    [Fact]
    public async Task Chat_NamedKnowledge_GoesThroughTheProtocolMethod()
    {
        using var files = new KnowledgeFiles();
        await using var server = await TestServer.StartAsync(TestServer.Config(model) with { Knowledge = files.Config(KnowledgeMode.Cag) });

        async Task<int> PromptTokensAsync(object knowledge)
        {
            using var content = BinaryContent.Create(BinaryData.FromObjectAsJson(
                new { model = TestServer.ModelName, messages = new[] { new { role = "user", content = "x" } }, max_tokens = 1, knowledge }));
            var result = await server.Chat.CompleteChatAsync(content, new RequestOptions { CancellationToken = Cancellation });
            return (int)JsonNode.Parse(result.GetRawResponse().Content)!["usage"]!["prompt_tokens"]!;
        }

        Assert.True(await PromptTokensAsync("handbook") > 300 + await PromptTokensAsync(Array.Empty<string>()));
        await Assert.ThrowsAsync<ClientResultException>(() => PromptTokensAsync("unknown"));
    }
}
