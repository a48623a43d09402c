using Leanserve.Cli.Eval;
using Leanserve.Cli.Eval.Generation;
using Leanserve.Cli.Eval.Reporting;
using Leanserve.Cli.Eval.Targets;
using Leanserve.Cli.Streaming;
using Leanserve.Onnx.Reader;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Cli.Tests.Eval;

/// <summary>Evaluations of the reader, served by the real program as a process of its own.</summary>
public sealed class EvalRunTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("eval-").FullName;
    private readonly HttpClient http = new();

    public EvalRunTests() => ReaderModel.Write(Path.Combine(root, "reader"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        http.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Run_LocalModel_ScoresEachStrategyAndAsksNothingTwice()
    {
        var options = Options(facts: 12, "none", "cag", "rag:1");
        var path = Path.Combine(root, "results.jsonl");
        await RunAsync(options, path, resume: false, Cancellation);
        var lines = File.ReadLines(path).Count(line => line.Length > 0);

        var results = await RunAsync(options, path, resume: true, Cancellation);

        Assert.Equal(36, lines);
        Assert.Equal(lines, File.ReadLines(path).Count(line => line.Length > 0));
        var cells = EvalReport.Of("reader", options, results, complete: true).Cells;
        Assert.Equal(["none", "cag", "rag:1"], cells.Select(cell => cell.Strategy));
        Assert.Equal((0, 1), (cells[0].Exact!.Value.Value, cells[1].Exact!.Value.Value));
        Assert.True(cells[1].CachedShare > 0.8 && cells[1].KvBytes > cells[0].KvBytes && cells[2].Recall is not null);
    }

    [Fact]
    public async Task Run_DocumentsBeyondTheContext_ReportsTheServersReason()
    {
        var results = await RunAsync(Options(facts: 400, "cag"), Path.Combine(root, "results.jsonl"), resume: false, Cancellation);

        Assert.All(results, result => Assert.Contains("context is 4096", result.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Interrupted_KeepsWhatWasAnswered()
    {
        var options = Options(facts: 100, "none");
        var path = Path.Combine(root, "results.jsonl");
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using (var log = ResultLog.Open(path, resume: false))
        {
            var run = new EvalRun(http, options, Target(options), log, TimeProvider.System);
            var running = run.RunAsync(interrupt.Token);
            await Eventually.HoldsAsync(() => Task.FromResult(run.Done >= 3 || running.IsCompleted));
            await interrupt.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        using var kept = ResultLog.Open(path, resume: true);
        Assert.InRange(kept.Results.Count, 3, 99);
    }

    [Theory]
    [InlineData("cag", "cag (served)")]
    [InlineData("rag:2", "rag (served)")]
    [InlineData("none", "none")]
    public async Task ServedKnowledge_OfAStandingServer_NamesWhatItAddsToTheQuestion(string served, string expected)
    {
        var options = Options(facts: 12, served);
        await using var endpoint = await Target(options).OpenAsync(options.Strategies[0], options.Decodings[0], options.Questions[0].Documents, Cancellation);
        var client = new StreamingClient(http, endpoint.Address, null, TimeProvider.System);

        var named = await ServedKnowledge.NameAsync(client, [EvalStrategy.Parse("none")!, EvalStrategy.Parse("dense")!], null, Cancellation);

        Assert.Equal([expected, "dense"], named.Select(strategy => strategy.Name));
    }

    [Fact]
    public async Task Plot_OfTwoRuns_DrawsALineForEachStrategy()
    {
        var path = Path.Combine(root, "results.jsonl");
        await RunAsync(Options(facts: 6, "none", "cag"), path, resume: false, Cancellation);
        var (results, picture) = (ResultLog.Read(path), Path.Combine(root, "picture.svg"));

        ComparisonPlot.Write(picture, "facts", EvalMeasure.Exact, [("6", results), ("again", results)]);
        var accuracy = await File.ReadAllTextAsync(picture, Cancellation);
        ComparisonPlot.Write(picture, "facts", EvalMeasure.FirstToken, [("6", results), ("again", results)]);

        Assert.All(["none", "cag", "again", "Exact match"], text => Assert.Contains($">{text}<", accuracy, StringComparison.Ordinal));
        Assert.Contains(">ms<", await File.ReadAllTextAsync(picture, Cancellation), StringComparison.Ordinal);
    }

    private static EvalOptions Options(int facts, params string[] strategies) => new()
    {
        Questions = [.. new FactWorld(seed: 5, facts).Questions.Select((question, index) => question with { Line = index + 1 })],
        Strategies = [.. strategies.Select(name => EvalStrategy.Parse(name)!)],
        Decodings = [EvalDecoding.Parse("greedy")!],
        Concurrency = 2,
        MaxTokens = 48,
        Seed = 1,
    };

    private LocalTarget Target(EvalOptions options) =>
        new(Path.Combine(AppContext.BaseDirectory, "leanserve-server"), Path.Combine(root, "reader"), options, TimeProvider.System);

    private async Task<IReadOnlyList<EvalResult>> RunAsync(EvalOptions options, string path, bool resume, CancellationToken cancellationToken)
    {
        using var log = ResultLog.Open(path, resume);
        await new EvalRun(http, options, Target(options), log, TimeProvider.System).RunAsync(cancellationToken);
        return log.Results;
    }
}
