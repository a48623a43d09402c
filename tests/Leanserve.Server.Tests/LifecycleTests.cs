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
    private readonly string folder = Directory.CreateTempSubdirectory("lifecycle-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string TerminationLog => Path.Combine(folder, "termination-log");

    private Process Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "leanserve-server"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments.Append("--termination-log").Append(TerminationLog))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private string WriteConfig(RuntimeConfig config)
    {
        var path = Path.Combine(folder, "runtime.json");
        File.WriteAllText(path, JsonSerializer.Serialize(config, RuntimeConfig.Json));
        return path;
    }

    private static async Task<(int ExitCode, string Output, string Error)> EndAsync(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(Cancellation);
            var error = process.StandardError.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
            return (process.ExitCode, await output, await error);
        }
    }

    [Fact]
    public async Task Start_ModelStillLoading_IsAliveButNotReady()
    {
        await using var server = await TestServer.ListenAsync(TestServer.Config(model) with { ModelDirectory = Path.Combine(folder, "none") });

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
        using var process = Start("--config", WriteConfig(TestServer.Config(model) with { Port = port }), "--address", "127.0.0.1");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return (await http.GetAsync("/readyz", Cancellation)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        var (exitCode, output, error) = await EndAsync(process);

        Assert.Equal(0, exitCode);
        Assert.Contains("is ready", output, StringComparison.Ordinal);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task Process_BrokenModel_ExitsWithOneLineInTheTerminationLog()
    {
        var broken = Path.Combine(folder, "broken");
        Directory.CreateDirectory(broken);
        foreach (var file in Directory.GetFiles(model.Directory))
        {
            File.Copy(file, Path.Combine(broken, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(broken, "model.onnx"), "no model");

        var (exitCode, _, error) = await EndAsync(Start(
            "--config", WriteConfig(TestServer.Config(model) with { ModelDirectory = broken, Port = FreePort.Next() }), "--address", "127.0.0.1"));

        Assert.Equal(1, exitCode);
        Assert.Contains("model.onnx", File.ReadAllText(TerminationLog), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(TerminationLog), error.TrimEnd('\n'));
        Assert.DoesNotContain('\n', File.ReadAllText(TerminationLog));
    }

    [Fact]
    public async Task Process_BadConfig_ListsEveryViolation()
    {
        var config = TestServer.Config(model) with { ModelName = "", Port = -1, Knowledge = new KnowledgeConfig { Mode = KnowledgeMode.Cag } };

        var (exitCode, _, error) = await EndAsync(Start("--config", WriteConfig(config)));

        Assert.Equal(64, exitCode);
        Assert.Contains("modelName", error, StringComparison.Ordinal);
        Assert.Contains("port is -1", error, StringComparison.Ordinal);
        Assert.Contains("knowledge.sources", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_ModelAndDocuments_ReportsThemInOneLine()
    {
        using var files = new KnowledgeFiles();

        var (exitCode, output, _) = await EndAsync(Start("inspect", "--model", model.Directory, "--knowledge", $"handbook={files.Root}"));

        Assert.Equal(0, exitCode);
        Assert.Equal(File.ReadAllText(TerminationLog), Assert.Single(output.TrimEnd('\n').Split('\n')));
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
        var (exitCode, output, _) = await EndAsync(Start("inspect", "--model", Path.Combine(folder, "none")));

        Assert.Equal(1, exitCode);
        Assert.Contains("none", JsonSerializer.Deserialize<InspectionReport>(output, RuntimeConfig.Json)!.Error, StringComparison.Ordinal);
    }
}
