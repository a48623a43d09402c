using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leanserve.Contracts;
using Leanserve.Server.Hosting;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Chat;

namespace Leanserve.Server.Tests.Support;

/// <summary>A real server on a free loopback port.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string ModelName = "handbook";

    private readonly HttpClient transport;

    private TestServer(LeanserveHost host)
    {
        Host = host;
        Http = new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(30) };

        // A client that cancels hangs up: by default it would read on, and a short answer would be complete before anyone has noticed.
        transport = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        OpenAi = new OpenAIClient(
            new ApiKeyCredential("none"),
            new OpenAIClientOptions { Endpoint = new Uri(host.Address, "v1"), Transport = new HttpClientPipelineTransport(transport) });
    }

    public LeanserveHost Host { get; }

    public HttpClient Http { get; }

    public OpenAIClient OpenAi { get; }

    public ChatClient Chat => OpenAi.GetChatClient(ModelName);

    public static RuntimeConfig Config(TinyModel model) => new()
    {
        ModelName = ModelName,
        ModelDirectory = model.Directory,
        Threads = 1,
        Port = 0,
        DrainSeconds = 20,
        Knowledge = new KnowledgeConfig { Mode = KnowledgeMode.Dense },
        Decoding = new DecodingConfig { Mode = DecodingMode.Sampling },
        Limits = new EngineLimits { KvSlots = 8192, MaxConcurrentRequests = 16, MaxOutputTokens = 4096 },
    };

    public static async Task<TestServer> StartAsync(RuntimeConfig config, ServerOptions? options = null)
    {
        var server = await ListenAsync(config, options);
        await server.Host.Ready;
        return server;
    }

    /// <summary>Listens, but does not wait for the model.</summary>
    public static async Task<TestServer> ListenAsync(RuntimeConfig config, ServerOptions? options = null) => new(
        await LeanserveHost.StartAsync(
            config, (options ?? new ServerOptions()) with { Address = "127.0.0.1" }, TimeProvider.System, logging => logging.SetMinimumLevel(LogLevel.None)));

    public async Task<JsonNode> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsJsonAsync(path, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The JSON of each event of a stream, and whether it ended as it should.</summary>
    public async Task<IReadOnlyList<JsonNode>> StreamAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsJsonAsync(path, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, item => Assert.StartsWith("data: ", item, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(item => JsonNode.Parse(item["data: ".Length..])!)];
    }

    public async Task<(int Status, JsonElement Error)> PostForErrorAsync(
        string path, byte[] body, CancellationToken cancellationToken, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await Http.PostAsync(path, content, cancellationToken);
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        Assert.False(response.IsSuccessStatusCode, text);
        return ((int)response.StatusCode, JsonDocument.Parse(text).RootElement.GetProperty("error"));
    }

    public async ValueTask DisposeAsync()
    {
        transport.Dispose();
        Http.Dispose();
        await Host.DisposeAsync();
    }
}
