using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using Leanserve.Contracts;
using Leanserve.Server.Hosting;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>Spans as a collector receives them over OTLP.</summary>
public sealed class TracingTests(TinyModel model) : IDisposable
{
    private const string Parent = "b7ad6b7169203331";

    // A collector hears of every server in this process; a trace of its own tells the test's requests apart.
    private readonly string trace = $"{Guid.NewGuid():N}";
    private readonly KnowledgeFiles files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => files.Dispose();

    private Task<TestServer> StartAsync(SpanReceiver? receiver, string name = TestServer.ModelName) => TestServer.StartAsync(
        TestServer.Config(model) with { ModelName = name, Knowledge = files.Config(KnowledgeMode.Rag) },
        new ServerOptions
        {
            Telemetry = receiver is null ? new Dictionary<string, string?>() : new Dictionary<string, string?>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            },
        });

    private async Task PostAsync(TestServer server, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(body) };
        request.Headers.Add("traceparent", $"00-{trace}-{Parent}-01");
        using var response = await server.Http.SendAsync(request, Cancellation);
        await response.Content.ReadAsStringAsync(Cancellation);
    }

    private List<ReceivedSpan> Mine(SpanReceiver receiver) => [.. receiver.Spans.Where(span => span.TraceId == trace)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_WithACollector_IsOneSpanWithItsStagesUnderTheClients(bool stream)
    {
        await using var receiver = await SpanReceiver.StartAsync();
        await using (var server = await StartAsync(receiver))
        {
            var messages = new[] { new { role = "user", content = "How long does a warranty last, Xylophone?" } };
            await PostAsync(server, new { model = TestServer.ModelName, messages, max_tokens = 8, logit_bias = model.NeverEnd, stream });
            await Eventually.HoldsAsync(() => Task.FromResult(Mine(receiver).Count == 6));
        }

        var request = Mine(receiver).Single(span => span.Name == "chat");
        var stages = Mine(receiver).Where(span => span != request).ToList();
        Assert.Equal((trace, Parent), (request.TraceId, request.ParentId));
        Assert.Equal("8", request.Attributes["gen_ai.usage.output_tokens"]);
        Assert.Equal("200", request.Attributes["http.response.status_code"]);
        Assert.Equal(["decode", "prefill", "queue", "retrieval", "write"], stages.Select(stage => stage.Name).Order(StringComparer.Ordinal));
        Assert.All(stages, stage => Assert.Equal((trace, request.SpanId), (stage.TraceId, stage.ParentId)));
        Assert.All(stages, stage => Assert.InRange(stage.Start, request.Start, stage.End));
        Assert.All(stages, stage => Assert.True(stage.End <= request.End));
        Assert.DoesNotContain(receiver.Posts, post => Encoding.UTF8.GetString(post).Contains("Xylophone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusal_WithACollector_TellsItsStatus()
    {
        await using var receiver = await SpanReceiver.StartAsync();
        await using var server = await StartAsync(receiver);

        await PostAsync(server, new { model = "other", messages = new[] { new { role = "user", content = "Hello" } } });

        await Eventually.HoldsAsync(() => Task.FromResult(Mine(receiver).Count == 1));
        Assert.Equal("404", Mine(receiver).Single().Attributes["http.response.status_code"]);
        Assert.Equal("model_not_found", Mine(receiver).Single().Attributes["error.type"]);
    }

    [Fact]
    public async Task Answer_ToAClientWithoutATrace_IsARoot()
    {
        // As hosting does by itself wherever it logs.
        using var hosting = new ActivityListener { ShouldListenTo = source => source.Name == "Microsoft.AspNetCore", Sample = (ref _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(hosting);
        await using var receiver = await SpanReceiver.StartAsync();
        await using var server = await StartAsync(receiver, $"model-{trace}");

        await server.PostAsync("/v1/completions", new { model = $"model-{trace}", prompt = "Hello", max_tokens = 1 }, Cancellation);

        bool IsMine(ReceivedSpan span) => span.Attributes.GetValueOrDefault("gen_ai.request.model") == $"model-{trace}";
        await Eventually.HoldsAsync(() => Task.FromResult(receiver.Spans.Any(IsMine)));
        Assert.Equal("", receiver.Spans.Single(IsMine).ParentId);
    }

    [Fact]
    public async Task Answer_WithoutConfiguration_IsNotTraced()
    {
        await using var server = await StartAsync(null);

        await PostAsync(server, new { model = TestServer.ModelName, messages = new[] { new { role = "user", content = "Hello" } }, max_tokens = 1 });

        Assert.False(server.Host.IsTraced);
    }
}
