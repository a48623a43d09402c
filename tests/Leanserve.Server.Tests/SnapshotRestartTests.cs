using System.Text.Json.Nodes;
using Leanserve.Contracts;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>A server that starts where another one left a snapshot of the documents.</summary>
public sealed class SnapshotRestartTests(TinyModel model) : IDisposable
{
    private readonly KnowledgeFiles files = new();
    private readonly string snapshots = Directory.CreateTempSubdirectory("snapshots-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        files.Dispose();
        Directory.Delete(snapshots, recursive: true);
    }

    [Fact]
    public async Task Start_WithSnapshot_ComputesNoDocumentsAndAnswersAlike()
    {
        var (prefilled, answer) = await StartAndAskAsync();
        var (restored, again) = await StartAndAskAsync();
        File.AppendAllText(Path.Combine(files.Root, "returns.md"), "Changed.");
        var (changed, _) = await StartAndAskAsync();

        Assert.True(prefilled > 300);
        Assert.True(restored < 100, $"{restored} tokens were computed");
        Assert.Equal(answer, again);
        Assert.True(changed > 300);
    }

    [Fact]
    public async Task Start_WithDamagedSnapshot_ComputesTheDocumentsAndWritesItAnew()
    {
        var (_, answer) = await StartAndAskAsync();
        var path = Assert.Single(Directory.GetFiles(snapshots, "*.kv"));
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        var (prefilled, again) = await StartAndAskAsync();

        Assert.True(prefilled > 300);
        Assert.Equal(answer, again);
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    private async Task<(double Prefilled, string Answer)> StartAndAskAsync()
    {
        var config = TestServer.Config(model) with { Knowledge = files.Config(KnowledgeMode.Cag) with { SnapshotDirectory = snapshots } };
        await using var server = await TestServer.StartAsync(config);
        var body = new
        {
            model = TestServer.ModelName,
            messages = new[] { new { role = "user", content = "Islands?" } },
            temperature = 0,
            max_tokens = 32,
            logit_bias = model.NeverEnd,
        };
        JsonNode answer = await server.PostAsync("/v1/chat/completions", body, Cancellation);
        var line = (await server.Http.GetStringAsync("/metrics", Cancellation)).Split('\n')
            .Single(each => each.StartsWith("leanserve_engine_prefilled_tokens_total ", StringComparison.Ordinal));
        await server.Host.SnapshotWritten;
        return (double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), (string)answer["choices"]![0]!["message"]!["content"]!);
    }
}
