using Leanserve.Cli.Bench;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Cli.Tests.Bench;

public sealed class LoadRunTests(TinyModel model) : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private TestServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(TestServer.Config(model));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    private LoadOptions Options(LoadPattern pattern, int requests) => new()
    {
        Endpoint = new Uri(server.Host.Address, "v1"),
        Pattern = pattern,
        Requests = requests,
        Prompts = PromptSource.Random(5, seed: 1),
        MaxTokens = 12,
        Seed = 1,
    };

    [Fact]
    public async Task Run_ClosedLoop_MeasuresEveryRequest()
    {
        var report = await new LoadRun(http, Options(new LoadPattern.Closed(3), 9), TimeProvider.System).RunAsync(Cancellation);

        Assert.True(report.Complete);
        Assert.Equal((9, 0), (report.Succeeded, report.Failed));
        Assert.Equal(TestServer.ModelName, report.Model);
        Assert.InRange(report.OutputTokens, 9, 9 * 12);
        Assert.True(report.PromptTokens > 9 * 20);
        Assert.True(report.TtftMs!.P50 > 0);
        Assert.True(report.TtftMs.P99 <= report.E2eMs!.Max);
        Assert.True(report.OutputTokensPerSecond > 0);
    }

    [Fact]
    public async Task Run_OpenLoop_SpreadsArrivalsAtTheRate()
    {
        var report = await new LoadRun(http, Options(new LoadPattern.Poisson(50), 25) with { Chat = false }, TimeProvider.System).RunAsync(Cancellation);

        Assert.Equal(25, report.Succeeded);
        // 24 exponential gaps of 20 ms in the mean; a closed loop of one would not have waited at all.
        Assert.InRange(report.DurationSeconds, 0.15, 30);
        Assert.Equal("poisson 50/s", report.Pattern);
    }

    [Fact]
    public async Task Run_Refused_CountsByCause()
    {
        var report = await new LoadRun(http, Options(new LoadPattern.Closed(1), 2) with { MaxTokens = 999_999 }, TimeProvider.System).RunAsync(Cancellation);

        Assert.Equal((0, 2), (report.Succeeded, report.Failed));
        Assert.Equal(2, report.Errors["HTTP 400"]);
        Assert.Null(report.TtftMs);
    }

    [Fact]
    public async Task Run_Interrupted_ReportsWhatWasAnswered()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = new LoadRun(http, Options(new LoadPattern.Closed(1), 1_000_000), TimeProvider.System);
        var running = run.RunAsync(interrupt.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(run.Progress.Answered >= 2));

        await interrupt.CancelAsync();
        var report = await running;

        Assert.False(report.Complete);
        Assert.True(report.Succeeded >= 2);
    }

    [Fact]
    public async Task Run_DurationOver_SendsNoMore()
    {
        var options = Options(new LoadPattern.Closed(2), 1_000_000) with { Duration = TimeSpan.FromMilliseconds(200) };

        var report = await new LoadRun(http, options, TimeProvider.System).RunAsync(Cancellation);

        Assert.True(report.Complete);
        Assert.InRange(report.Succeeded, 1, 999_999);
    }

    [Fact]
    public async Task Run_NobodyListens_Throws()
    {
        var options = Options(new LoadPattern.Closed(1), 1) with { Endpoint = new Uri($"http://127.0.0.1:{FreePort.Next()}/v1") };

        await Assert.ThrowsAsync<HttpRequestException>(() => new LoadRun(http, options, TimeProvider.System).RunAsync(Cancellation));
    }
}
