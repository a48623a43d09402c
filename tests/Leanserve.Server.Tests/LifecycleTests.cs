using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Leanserve.Contracts;
using Leanserve.Engine.Knowledge;
using Leanserve.Server.Hosting;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>The process itself, as a pod runs it.</summary>
public sealed class LifecycleTests(TinyModel model) : IDisposable
{
    private readonly PodProcess pod = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => pod.Dispose();

    [Fact]
    public async Task Start_ModelStillLoading_IsAliveButNotReady()
    {
        await using var server = await TestServer.ListenAsync(TestServer.Config(model) with { ModelDirectory = Path.Combine(pod.Folder, "none") });

        using var alive = await server.Http.GetAsync("/healthz", Cancellation);
        using var ready = await server.Http.GetAsync("/readyz", Cancellation);
        using var models = await server.Http.GetAsync("/v1/models", Cancellation);

        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("being loaded", await ready.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, models.StatusCode);
        await Assert.ThrowsAsync<StartupException>(() => server.Host.Ready);
    }

    [Fact]
    public async Task Process_Sigterm_ExitsWithZero()
    {
        var port = FreePort.Next();
        using var process = await pod.ServeAsync(TestServer.Config(model) with { Port = port }, Cancellation);

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        var (exitCode, output, error) = await PodProcess.EndAsync(process, Cancellation);

        Assert.Equal(0, exitCode);
        Assert.Contains("is ready", output, StringComparison.Ordinal);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task Process_BadConfig_ListsEveryViolation()
    {
        var config = TestServer.Config(model) with { ModelName = "", Port = -1, Knowledge = new KnowledgeConfig { Mode = KnowledgeMode.Cag } };

        var (exitCode, _, error) = await PodProcess.EndAsync(pod.Start("--config", pod.WriteConfig(config)), Cancellation);

        Assert.Equal(64, exitCode);
        Assert.Contains("modelName", error, StringComparison.Ordinal);
        Assert.Contains("port is -1", error, StringComparison.Ordinal);
        Assert.Contains("knowledge.sources", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_ModelAndDocuments_ReportsThemInOneLine()
    {
        using var files = new KnowledgeFiles();

        var (exitCode, output, _) = await PodProcess.EndAsync(pod.Start("inspect", "--model", model.Directory, "--knowledge", $"handbook={files.Root}"), Cancellation);

        Assert.Equal(0, exitCode);
        Assert.Equal(pod.LastWords, Assert.Single(output.TrimEnd('\n').Split('\n')));
        var report = JsonSerializer.Deserialize<InspectionReport>(output, RuntimeConfig.Json)!;
        Assert.Null(report.Error);
        Assert.Equal(2, report.Geometry!.Layers);
        Assert.Equal(WeightPrecision.Float32, report.Precision);
        Assert.True(report.WeightsBytes > 0);
        var measured = Assert.Single(report.Knowledge);
        Assert.Equal(("handbook", 2), (measured.Name, measured.Files));
        Assert.True(measured.Tokens > 200);
        Assert.Equal(KnowledgeFolder.Read("handbook", files.Root).ContentHash, measured.ContentHash);
    }

    [Fact]
    public async Task Inspect_MissingModel_ReportsTheErrorAndExitsWithOne()
    {
        var (exitCode, output, _) = await PodProcess.EndAsync(pod.Start("inspect", "--model", Path.Combine(pod.Folder, "none")), Cancellation);

        Assert.Equal(1, exitCode);
        Assert.Contains("none", JsonSerializer.Deserialize<InspectionReport>(output, RuntimeConfig.Json)!.Error, StringComparison.Ordinal);
    }
}
