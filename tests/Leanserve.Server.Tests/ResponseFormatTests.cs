using System.ClientModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leanserve.Server.Tests.Support;
using OpenAI.Chat;

namespace Leanserve.Server.Tests;

/// <summary>Answers of a random model, which writes noise, held to JSON.</summary>
public sealed class ResponseFormatTests(TinyModel model) : IAsyncLifetime
{
    private const string Schema = """
        {"type":"object","properties":{
          "color":{"enum":["red","green"]},
          "count":{"type":"integer","minimum":1,"maximum":20},
          "note":{"type":"string","maxLength":8},
          "tags":{"type":"array","items":{"type":"boolean"},"minItems":2,"maxItems":3}},
         "required":["color","count","note","tags"],"additionalProperties":false}
        """;

    private static readonly ChatMessage[] Messages = [new UserChatMessage("How many?")];

    private TestServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(TestServer.Config(model));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static ChatCompletionOptions Options(long seed) =>
#pragma warning disable OPENAI001 // Seed is marked experimental in the SDK only.
        new()
        {
            MaxOutputTokenCount = 400,
            Seed = seed,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString(Schema), jsonSchemaIsStrict: true),
        };
#pragma warning restore OPENAI001

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Chat_JsonSchemaThroughTheSdk_AnswersAccordingToIt(long seed)
    {
        ChatCompletion answer = await server.Chat.CompleteChatAsync(Messages, Options(seed), Cancellation);

        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        AssertObeys(answer.Content[0].Text);
    }

    [Fact]
    public async Task Chat_JsonSchemaStreamed_ConcatenatesToTheSameDocument()
    {
        ChatCompletion whole = await server.Chat.CompleteChatAsync(Messages, Options(5), Cancellation);
        var text = "";
        await foreach (var update in server.Chat.CompleteChatStreamingAsync(Messages, Options(5), Cancellation))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }

        Assert.Equal(whole.Content[0].Text, text);
    }

    [Fact]
    public async Task Chat_JsonSchemaUnderBeamSearch_EveryChoiceObeysIt()
    {
        var answer = await server.PostAsync("/v1/chat/completions", Body("use_beam_search", true), Cancellation);

        var choices = answer["choices"]!.AsArray();
        Assert.Equal(3, choices.Count);
        Assert.All(choices, choice => AssertObeys((string)choice!["message"]!["content"]!));
        Assert.Equal(3, choices.Select(choice => (string?)choice!["message"]!["content"]).Distinct().Count());
    }

    [Fact]
    public async Task Completions_JsonSchemaWithFiltersAndPenalties_EveryChoiceObeysIt()
    {
        var body = Body("frequency_penalty", 1.5);
        body["prompt"] = "x";
        body["top_k"] = 3;
        body["top_p"] = 0.5;
        body["repetition_penalty"] = 1.3;
        body["seed"] = 4;

        var answer = await server.PostAsync("/v1/completions", body, Cancellation);

        Assert.All(answer["choices"]!.AsArray(), choice => AssertObeys((string)choice!["text"]!));
    }

    [Fact]
    public async Task Chat_TokensRunOut_EndsWithLength()
    {
        var body = Body("max_tokens", 5);
        body["n"] = 1;

        var answer = await server.PostAsync("/v1/chat/completions", body, Cancellation);

        Assert.Equal("length", (string?)answer["choices"]![0]!["finish_reason"]);
        Assert.StartsWith("{", (string?)answer["choices"]![0]!["message"]!["content"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_JsonObject_StartsAnObjectThatParsesOnceItStops()
    {
        var stopped = 0;
        for (var seed = 0; seed < 12; seed++)
        {
            var body = Body("max_tokens", 600);
            body["response_format"] = new JsonObject { ["type"] = "json_object" };
            body["n"] = 1;
            body["seed"] = seed;
            var choice = (await server.PostAsync("/v1/chat/completions", body, Cancellation))["choices"]![0]!;
            if ((string?)choice["finish_reason"] == "stop")
            {
                stopped++;
                Assert.Equal(JsonValueKind.Object, JsonDocument.Parse((string)choice["message"]!["content"]!).RootElement.ValueKind);
            }
        }

        Assert.InRange(stopped, 1, 12);
    }

    [Fact]
    public async Task Chat_UnsupportedKeywordThroughTheSdk_IsARefusalThatNamesIt()
    {
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString("""{"type":"string","pattern":"^a+$"}""")),
        };

        var refused = await Assert.ThrowsAsync<ClientResultException>(() => server.Chat.CompleteChatAsync(Messages, options, Cancellation));

        Assert.Equal(400, refused.Status);
        Assert.Contains("response_format.json_schema.schema.pattern is not supported", refused.Message, StringComparison.Ordinal);
    }

    private static JsonObject Body(string member, JsonNode value)
    {
        var body = JsonNode.Parse("""
            {"model":"handbook","messages":[{"role":"user","content":"x"}],"max_tokens":400,"n":3,
             "response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true}}}
            """)!.AsObject();
        body["response_format"]!["json_schema"]!["schema"] = JsonNode.Parse(Schema);
        body[member] = value;
        return body;
    }

    private static void AssertObeys(string text)
    {
        var answer = JsonDocument.Parse(text).RootElement;
        Assert.Equal(["color", "count", "note", "tags"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Contains(answer.GetProperty("color").GetString(), new[] { "red", "green" });
        Assert.InRange(answer.GetProperty("count").GetInt32(), 1, 20);
        Assert.InRange(answer.GetProperty("note").GetString()!.EnumerateRunes().Count(), 0, 8);
        Assert.InRange(answer.GetProperty("tags").GetArrayLength(), 2, 3);
        Assert.All(answer.GetProperty("tags").EnumerateArray(), tag => Assert.True(tag.ValueKind is JsonValueKind.True or JsonValueKind.False));
    }
}
