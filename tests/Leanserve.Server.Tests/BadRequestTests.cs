using System.Net;
using System.Net.Sockets;
using System.Text;
using Leanserve.Server.Hosting;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

public sealed class BadRequestTests(TinyModel model) : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";

    private TestServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(
        TestServer.Config(model), new ServerOptions { MaxBodyBytes = 100_000, BodyTimeout = TimeSpan.FromMilliseconds(300), HeadersTimeout = TimeSpan.FromSeconds(1) });

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static string Body(string members) => $$"""{"model":"handbook","messages":[{"role":"user","content":"x"}],{{members}}}""";

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"model\":\"handbook\",\"model\":\"handbook\"}")]
    [InlineData("{\"model\":\"handbook\",}")]
    public async Task Body_NoJsonObject_Is400(string body)
    {
        var (status, error) = await server.PostForErrorAsync(Chat, Encoding.UTF8.GetBytes(body), Cancellation);

        Assert.Equal(400, status);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal("invalid_json", error.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("\"temperature\":-1", "temperature")]
    [InlineData("\"temperature\":1e400", "temperature")]
    [InlineData("\"temperature\":\"hot\"", "temperature")]
    [InlineData("\"top_p\":1.5", "top_p")]
    [InlineData("\"top_k\":-2", "top_k")]
    [InlineData("\"min_p\":2", "min_p")]
    [InlineData("\"repetition_penalty\":0", "repetition_penalty")]
    [InlineData("\"presence_penalty\":3", "presence_penalty")]
    [InlineData("\"frequency_penalty\":-3", "frequency_penalty")]
    [InlineData("\"max_tokens\":0", "max_tokens")]
    [InlineData("\"max_tokens\":99999999999999999999", "max_tokens")]
    [InlineData("\"max_tokens\":1.5", "max_tokens")]
    [InlineData("\"max_completion_tokens\":-5", "max_completion_tokens")]
    [InlineData("\"max_tokens\":4,\"max_completion_tokens\":5", "max_tokens")]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"n\":1000000", "n")]
    [InlineData("\"seed\":1.5", "seed")]
    [InlineData("\"stop\":5", "stop")]
    [InlineData("\"stop\":[\"\"]", "stop")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop")]
    [InlineData("\"stream\":1", "stream")]
    [InlineData("\"stream_options\":{\"include_usage\":true}", "stream_options")]
    [InlineData("\"logprobs\":3", "logprobs")]
    [InlineData("\"top_logprobs\":3", "top_logprobs")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":21", "top_logprobs")]
    [InlineData("\"logit_bias\":[]", "logit_bias")]
    [InlineData("\"logit_bias\":{\"x\":1}", "logit_bias")]
    [InlineData("\"logit_bias\":{\"99999\":1}", "logit_bias")]
    [InlineData("\"logit_bias\":{\"5\":101}", "logit_bias.5")]
    [InlineData("\"use_beam_search\":\"yes\"", "use_beam_search")]
    [InlineData("\"use_beam_search\":true,\"temperature\":0.5", "temperature")]
    [InlineData("\"length_penalty\":1", "length_penalty")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools")]
    [InlineData("\"response_format\":\"json\"", "response_format")]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "response_format.type")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format.json_schema")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\"}}", "response_format.json_schema.schema")]
    [InlineData(
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"properties\":{\"a\":{\"pattern\":\"x\"}}}}}",
        "response_format.json_schema.schema.properties.a.pattern")]
    public async Task Member_BreakingARule_Is400ThatNamesIt(string members, string param)
    {
        var (status, error) = await server.PostForErrorAsync(Chat, Encoding.UTF8.GetBytes(Body(members)), Cancellation);

        Assert.Equal(400, status);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Contains(param, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model\":\"handbook\"}", "messages")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "model")]
    [InlineData("{\"model\":5,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "model")]
    [InlineData("{\"model\":\"handbook\",\"messages\":[]}", "messages")]
    [InlineData("{\"model\":\"handbook\",\"messages\":{}}", "messages")]
    [InlineData("{\"model\":\"handbook\",\"messages\":[7]}", "messages[0]")]
    [InlineData("{\"model\":\"handbook\",\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}", "messages[0].role")]
    [InlineData("{\"model\":\"handbook\",\"messages\":[{\"role\":\"user\"}]}", "messages[0].content")]
    [InlineData("{\"model\":\"handbook\",\"messages\":[{\"role\":\"user\",\"content\":{}}]}", "messages[0].content")]
    [InlineData("{\"model\":\"handbook\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}", "messages[0].content")]
    [InlineData("{\"model\":\"handbook\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}", "messages[0].content[0]")]
    public async Task Conversation_BreakingARule_Is400ThatNamesIt(string body, string param)
    {
        var (status, error) = await server.PostForErrorAsync(Chat, Encoding.UTF8.GetBytes(body), Cancellation);

        Assert.Equal(400, status);
        Assert.Equal(param, error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("{\"model\":\"handbook\"}")]
    [InlineData("{\"model\":\"handbook\",\"prompt\":{}}")]
    [InlineData("{\"model\":\"handbook\",\"prompt\":[]}")]
    [InlineData("{\"model\":\"handbook\",\"prompt\":[-1]}")]
    [InlineData("{\"model\":\"handbook\",\"prompt\":[999999]}")]
    [InlineData("{\"model\":\"handbook\",\"prompt\":[\"a\",\"b\"]}")]
    [InlineData("{\"model\":\"handbook\",\"prompt\":\"a\",\"echo\":true}")]
    [InlineData("{\"model\":\"handbook\",\"prompt\":\"a\",\"best_of\":3}")]
    public async Task Completion_BreakingARule_Is400(string body)
    {
        var (status, _) = await server.PostForErrorAsync("/v1/completions", Encoding.UTF8.GetBytes(body), Cancellation);

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Body_WithSeveralViolations_ListsThemAll()
    {
        var (_, error) = await server.PostForErrorAsync(Chat, Encoding.UTF8.GetBytes(Body("\"temperature\":-1,\"top_p\":7,\"n\":0")), Cancellation);

        var message = error.GetProperty("message").GetString()!;
        Assert.Contains("temperature is -1", message, StringComparison.Ordinal);
        Assert.Contains("top_p is 7", message, StringComparison.Ordinal);
        Assert.Contains("n is 0", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_InvalidUtf8_Is400()
    {
        var (status, error) = await server.PostForErrorAsync(Chat, [.. "{\"model\":\""u8, 0xC3, 0x28, .. "\"}"u8], Cancellation);

        Assert.Equal(400, status);
        Assert.Contains("UTF-8", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_TooDeep_Is400()
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);

        var (status, _) = await server.PostForErrorAsync(Chat, Encoding.UTF8.GetBytes(Body($"\"x\":{deep}")), Cancellation);

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Body_TooLarge_Is413()
    {
        var (status, error) = await server.PostForErrorAsync(Chat, Encoding.UTF8.GetBytes(Body($"\"x\":\"{new string('a', 200_000)}\"")), Cancellation);

        Assert.Equal(413, status);
        Assert.Contains("100000 bytes", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_BeyondTheContext_Is400WithTheNumbers()
    {
        var (status, error) = await server.PostForErrorAsync(
            "/v1/completions", Encoding.UTF8.GetBytes($$"""{"model":"handbook","prompt":"{{new string('a', 9000)}}"}"""), Cancellation);

        Assert.Equal(400, status);
        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
        Assert.Contains("900", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task ContentType_NotJson_Is415(string contentType)
    {
        var (status, _) = await server.PostForErrorAsync(Chat, Encoding.UTF8.GetBytes(Body("\"n\":1")), Cancellation, contentType);

        Assert.Equal(415, status);
    }

    [Fact]
    public async Task Model_NotServed_Is404ThatNamesTheServedOne()
    {
        var (status, error) = await server.PostForErrorAsync(
            Chat, """{"model":"gpt-4","messages":[{"role":"user","content":"x"}]}"""u8.ToArray(), Cancellation);

        Assert.Equal(404, status);
        Assert.Equal("model_not_found", error.GetProperty("code").GetString());
        Assert.Contains("'handbook'", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embeddings_OfAGeneratingModel_Are404InOpenAiShape()
    {
        var (status, error) = await server.PostForErrorAsync("/v1/embeddings", """{"model":"handbook","input":"x"}"""u8.ToArray(), Cancellation);

        Assert.Equal(404, status);
        Assert.Equal("embeddings_not_supported", error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Path_Unknown_Is404InOpenAiShape()
    {
        var (status, error) = await server.PostForErrorAsync("/v1/images", "{}"u8.ToArray(), Cancellation);

        Assert.Equal(404, status);
        Assert.Equal("unknown_url", error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Method_Wrong_Is405InOpenAiShape()
    {
        using var response = await server.Http.GetAsync(Chat, Cancellation);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("method_not_allowed", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"model\"")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-")]
    public async Task Request_NeverCompleted_IsEndedInBoundedTime(string start)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host.Address.Host, server.Host.Address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(start), Cancellation);

        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Contains("408", answer, StringComparison.Ordinal);
    }

    // Merging a word pair by pair in a naive way would take hours here.
    [Fact]
    public async Task Prompt_OneHugeWord_IsRefusedInBoundedTime()
    {
        await using var merging = await TestServer.StartAsync(TestServer.Config(model) with { ModelDirectory = model.BaseDirectory });

        var (status, error) = await merging.PostForErrorAsync(
            "/v1/completions", Encoding.UTF8.GetBytes($$"""{"model":"handbook","prompt":"{{new string('a', 1_000_000)}}"}"""), Cancellation);

        Assert.Equal(400, status);
        Assert.Equal("context_length_exceeded", error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Chat_WithoutAKnownTemplate_Is400ThatPointsToCompletions()
    {
        await using var plain = await TestServer.StartAsync(TestServer.Config(model) with { ModelDirectory = model.BaseDirectory });

        var (status, error) = await plain.PostForErrorAsync(Chat, Encoding.UTF8.GetBytes(Body("\"n\":1")), Cancellation);
        var answer = await plain.PostAsync("/v1/completions", new { model = TestServer.ModelName, prompt = "x", max_tokens = 2 }, Cancellation);

        Assert.Equal(400, status);
        Assert.Contains("ChatML", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotNull(answer["choices"]![0]!["text"]);
    }
}
