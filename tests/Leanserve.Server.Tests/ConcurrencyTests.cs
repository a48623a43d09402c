using System.Net;
using System.Net.Http.Json;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

public sealed class ConcurrencyTests(TinyModel model)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private object Body(int request, int maxTokens = 60, bool stream = false) => new
    {
        model = TestServer.ModelName,
        messages = new[] { new { role = "user", content = $"Question {request}: {new string('?', request * 7)}" } },
        seed = request,
        temperature = 0.9,
        max_tokens = maxTokens,
        stream,
        logit_bias = model.NeverEnd,
    };

    private static async Task<string> AskAsync(TestServer server, object body) =>
        (string)(await server.PostAsync("/v1/chat/completions", body, Cancellation))["choices"]![0]!["message"]!["content"]!;

    [Fact]
    public async Task Chat_SamePromptAndSeed_AnswersAloneAsAmongOthers()
    {
        await using var server = await TestServer.StartAsync(TestServer.Config(model));
        var alone = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            alone.Add(await AskAsync(server, Body(i)));
        }

        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(server, Body(i))));

        Assert.Equal(alone, together);
        Assert.Equal(8, alone.Distinct().Count());
    }

    [Fact]
    public async Task Chat_QueueFull_IsRefusedWithRetryAfter()
    {
        var limits = TestServer.Config(model).Limits with { MaxConcurrentRequests = 1, MaxQueuedRequests = 1 };
        await using var server = await TestServer.StartAsync(TestServer.Config(model) with { Limits = limits });

        var responses = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.Http.PostAsJsonAsync("/v1/chat/completions", Body(i, 400), Cancellation)));

        var refused = responses.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.Contains(responses, response => response.IsSuccessStatusCode);
        Assert.All(responses, response => Assert.True(response.IsSuccessStatusCode || refused.Contains(response)));
        Assert.All(refused, response => Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1)));
        Assert.Contains("queue_full", await refused[0].Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_ClientGoesAway_EndsTheGeneration()
    {
        await using var server = await TestServer.StartAsync(TestServer.Config(model));

        // By default the client reads what is left of an answer, to keep the connection; one that goes away hangs up.
        using var handler = new SocketsHttpHandler { MaxResponseDrainSize = 0, ResponseDrainTimeout = TimeSpan.Zero };
        using var leaving = new HttpClient(handler) { BaseAddress = server.Http.BaseAddress };
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(Body(1, 4000, stream: true)) })
        using (var response = await leaving.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await Eventually.HoldsAsync(async () => (await server.Http.GetStringAsync("/metrics", Cancellation))
            .Contains("leanserve_requests_total{endpoint=\"chat\",status=\"499\"} 1", StringComparison.Ordinal));
        await Eventually.HoldsAsync(async () => (await server.Http.GetStringAsync("/metrics", Cancellation))
            .Contains("leanserve_requests_running 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drain_RequestInFlight_IsFinishedWhileNewOnesAreRefused()
    {
        await using var server = await TestServer.StartAsync(TestServer.Config(model));
        var answer = AskAsync(server, Body(1, 1500));
        await Eventually.HoldsAsync(async () => (await server.Http.GetStringAsync("/metrics", Cancellation))
            .Contains("leanserve_requests_running 1", StringComparison.Ordinal));

        var drain = server.Host.DrainAsync();
        using var refused = await server.Http.PostAsJsonAsync("/v1/chat/completions", Body(2), Cancellation);
        using var readiness = await server.Http.GetAsync("/readyz", Cancellation);
        await drain;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        Assert.NotEmpty(await answer);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.Http.GetAsync("/healthz", Cancellation));
    }

    [Fact]
    public async Task Drain_TimeOver_CutsTheAnswerOffWithAnError()
    {
        await using var server = await TestServer.StartAsync(TestServer.Config(model) with { DrainSeconds = 0 });
        var answer = server.Http.PostAsJsonAsync("/v1/chat/completions", Body(1, 4000), Cancellation);
        await Eventually.HoldsAsync(async () => (await server.Http.GetStringAsync("/metrics", Cancellation))
            .Contains("leanserve_requests_running 1", StringComparison.Ordinal));

        await server.Host.DrainAsync();

        using var response = await answer;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }
}
