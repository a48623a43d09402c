using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json.Nodes;
using Leanserve.Server.Tests.Support;
using OpenAI.Chat;

namespace Leanserve.Server.Tests;

/// <summary>What OpenAI's .NET client has no types for, through its protocol methods and its pipeline, and its cancellation.</summary>
public sealed class OpenAiClientExtensionTests(TinyModel model) : IAsyncLifetime
{
    private const int EndlessTokens = 4000;

    private TestServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(TestServer.Config(model));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private JsonObject NeverEnd => new(model.NeverEnd.Select(bias => KeyValuePair.Create(bias.Key, (JsonNode?)bias.Value)));

    private static string Text(JsonNode answer, int choice = 0) => (string)answer["choices"]![choice]!["message"]!["content"]!;

    private async Task<JsonNode> ChatAsync(params (string Name, JsonNode Value)[] members)
    {
        var body = new JsonObject
        {
            ["model"] = TestServer.ModelName,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "x" }),
            ["max_tokens"] = 30,
        };
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }

        using var content = BinaryContent.Create(BinaryData.FromString(body.ToJsonString()));
        var result = await server.Chat.CompleteChatAsync(content, new RequestOptions { CancellationToken = Cancellation });
        return JsonNode.Parse(result.GetRawResponse().Content)!;
    }

    [Fact]
    public async Task Chat_SeveralChoices_AreNumberedAndDiffer()
    {
        var answer = await ChatAsync(("n", 3), ("seed", 9), ("logit_bias", NeverEnd));

        Assert.Equal([0, 1, 2], answer["choices"]!.AsArray().Select(choice => (int)choice!["index"]!));
        Assert.Equal(3, Enumerable.Range(0, 3).Select(choice => Text(answer, choice)).Distinct().Count());
        Assert.Equal(90, (int)answer["usage"]!["completion_tokens"]!);
    }

    [Theory]
    [InlineData("top_k", 1)]
    [InlineData("min_p", 1)]
    public async Task Chat_OnlyTheBestTokenLeft_IsTheAnswerOfTemperatureZero(string member, int value)
    {
        var best = Text(await ChatAsync(("temperature", 0), ("logit_bias", NeverEnd)));

        Assert.Equal(best, Text(await ChatAsync((member, value), ("seed", 4), ("logit_bias", NeverEnd))));
        Assert.NotEqual(best, Text(await ChatAsync(("seed", 4), ("logit_bias", NeverEnd))));
    }

    [Fact]
    public async Task Chat_RepetitionPenalty_MakesTheAnswerMoreVaried()
    {
        var plain = Text(await ChatAsync(("temperature", 0), ("max_tokens", 200), ("logit_bias", NeverEnd)));
        var varied = Text(await ChatAsync(("temperature", 0), ("max_tokens", 200), ("logit_bias", NeverEnd), ("repetition_penalty", 1.5)));

        Assert.True(varied.Distinct().Count() > plain.Distinct().Count(), $"'{plain}' against '{varied}'");
    }

    [Fact]
    public async Task Chat_BeamSearch_RanksItsChoicesByScore()
    {
        var answer = await ChatAsync(("n", 3), ("use_beam_search", true), ("length_penalty", 1.0));

        var scores = answer["choices"]!.AsArray().Select(choice => (double)choice!["score"]!).ToList();
        Assert.Equal(3, scores.Count);
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal("BeamSearch", (string?)answer["leanserve"]!["strategy"]!["decoding"]);
    }

    [Fact]
    public async Task Completions_ThroughThePipeline_ContinueThePrompt()
    {
        var body = new { model = TestServer.ModelName, prompt = "Once", max_tokens = 20, temperature = 0, logprobs = 2, logit_bias = model.NeverEnd };
        using var message = server.OpenAi.Pipeline.CreateMessage();
        message.Request.Method = "POST";
        message.Request.Uri = new Uri(server.Host.Address, "v1/completions");
        message.Request.Headers.Set("Content-Type", "application/json");
        message.Request.Content = BinaryContent.Create(BinaryData.FromObjectAsJson(body));
        message.Apply(new RequestOptions { CancellationToken = Cancellation });

        await server.OpenAi.Pipeline.SendAsync(message);

        var answer = JsonNode.Parse(message.Response!.Content)!;
        Assert.Equal("text_completion", (string?)answer["object"]);
        Assert.False(string.IsNullOrEmpty((string?)answer["choices"]![0]!["text"]));
        Assert.Equal(20, answer["choices"]![0]!["logprobs"]!["token_logprobs"]!.AsArray().Count);
        Assert.Equal("length", (string?)answer["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task Chat_CancelledWhileWaiting_FreesTheRequest()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var answer = server.Chat.CompleteChatAsync([new UserChatMessage("x")], Endless(), leaving.Token);
        await MetricsShowAsync("leanserve_requests_running 1");

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await AssertFreedAsync();
    }

    [Fact]
    public async Task Chat_StreamCancelledAfterTheFirstText_FreesTheRequest()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in server.Chat.CompleteChatStreamingAsync([new UserChatMessage("x")], Endless(), leaving.Token))
            {
                if (update.ContentUpdate.Count > 0)
                {
                    await leaving.CancelAsync();
                }
            }
        });
        await AssertFreedAsync();
    }

    private ChatCompletionOptions Endless()
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = EndlessTokens };
        model.Tokenizer.EndTokens.ToList().ForEach(token => options.LogitBiases[token] = -100);
        return options;
    }

    private async Task AssertFreedAsync()
    {
        await MetricsShowAsync("leanserve_requests_total{endpoint=\"chat\",status=\"499\"} 1");
        await MetricsShowAsync("leanserve_requests_running 0");
        var metrics = await server.Http.GetStringAsync("/metrics", Cancellation);
        var generated = metrics.Split('\n').Single(line => line.StartsWith("leanserve_engine_generated_tokens_total ", StringComparison.Ordinal));
        Assert.InRange(double.Parse(generated.Split(' ')[1], CultureInfo.InvariantCulture), 1, EndlessTokens - 1);
    }

    private Task MetricsShowAsync(string line) => Eventually.HoldsAsync(async () =>
        (await server.Http.GetStringAsync("/metrics", Cancellation)).Contains(line + "\n", StringComparison.Ordinal));
}
