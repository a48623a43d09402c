using System.Globalization;
using System.Runtime.InteropServices;
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
string? only = args is ["--only", var name] ? name : null;
var chosen = benchmarks.Where(benchmark => only is null ? benchmark is not SoakBenchmark : benchmark.Name == only).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"There is no benchmark '{only}'; there are {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}.");
    return 2;
}

var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
Directory.CreateDirectory(Path.Combine("artifacts", "bench"));
using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
int failures = 0;
foreach (var benchmark in chosen)
{
    List<Figure> figures = [];
    try
    {
        await foreach (var figure in benchmark.RunAsync(cancellation.Token))
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
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        return 130;
    }

    await File.WriteAllTextAsync(Path.Combine("artifacts", "bench", $"{benchmark.Name}.json"), JsonSerializer.Serialize(figures, json));
}

return failures == 0 ? 0 : 1;

static void Print(Figure figure)
{
    string comparison = figure.Ratio is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"   against {figure.Baseline:0.0}: {figure.Ratio:0.00} ×");
    string value = figure.Value.ToString(figure.Value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
    Console.WriteLine($"{figure.Name,-72} {value,10} {figure.Unit}{comparison}");
}

void Cancel(PosixSignalContext signal)
{
    signal.Cancel = true;
    cancellation.Cancel();
}
