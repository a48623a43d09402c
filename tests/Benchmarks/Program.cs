using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Leanserve.Benchmarks;
using Leanserve.Benchmarks.Engine;
using Leanserve.Benchmarks.Planner;
using Leanserve.Benchmarks.Prediction;
using Leanserve.Benchmarks.Server;
using Leanserve.Benchmarks.Soak;

IBenchmark[] benchmarks =
[
    new StepBenchmark(), new StepTimesBenchmark(), new SharedPrefixBenchmark(), new EngineBenchmark(), new BeamSearchBenchmark(), new SpeculationBenchmark(), new SnapshotBenchmark(), new PlannerBenchmark(),
    new PlannerSweepBenchmark(), new PlannerSimulationBenchmark(), new PredictionBenchmark(), new SharedPrefixServerBenchmark(), new SoakBenchmark(),
];
var only = new Option<string?>("--only") { Description = "The one benchmark to run; without it, all run but the soak." };
only.AcceptOnlyFromAmong([.. benchmarks.Select(benchmark => benchmark.Name)]);
var command = new RootCommand("Runs Leanserve's benchmarks; prints figures, and ratios to an alternative of the same run; writes artifacts/bench/<name>.json.") { only };
command.SetAction((parsed, cancellationToken) => RunAsync(benchmarks.Where(benchmark => parsed.GetValue(only) is { } name ? benchmark.Name == name : benchmark is not SoakBenchmark), cancellationToken));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });

static async Task<int> RunAsync(IEnumerable<IBenchmark> benchmarks, CancellationToken cancellationToken)
{
    var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
    Directory.CreateDirectory(Path.Combine("artifacts", "bench"));
    int failures = 0;
    foreach (var benchmark in benchmarks)
    {
        List<Figure> figures = [];
        try
        {
            await foreach (var figure in benchmark.RunAsync(cancellationToken))
            {
                figures.Add(figure);
                Print(figure);
            }
        }
        catch (BenchmarkFailedException failure)
        {
            Console.Error.WriteLine($"{benchmark.Name}: {failure.Message}");
            failures++;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 130;
        }

        await File.WriteAllTextAsync(Path.Combine("artifacts", "bench", $"{benchmark.Name}.json"), JsonSerializer.Serialize(figures, json), cancellationToken);
    }

    return failures == 0 ? 0 : 1;
}

static void Print(Figure figure)
{
    string comparison = figure.Ratio is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"   against {figure.Baseline:0.0}: {figure.Ratio:0.00} ×");
    string value = figure.Value.ToString(figure.Value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
    Console.WriteLine($"{figure.Name,-72} {value,10} {figure.Unit}{comparison}");
}
