using System.Globalization;
using System.Text.Json;
using Leanserve.Benchmarks;
using Leanserve.Benchmarks.Engine;
using Leanserve.Benchmarks.Planner;
using Leanserve.Benchmarks.Prediction;

IBenchmark[] benchmarks =
[
    new StepBenchmark(), new SharedPrefixBenchmark(), new EngineBenchmark(), new BeamSearchBenchmark(), new SnapshotBenchmark(), new PlannerBenchmark(),
    new PlannerSweepBenchmark(), new PredictionBenchmark(),
];
string? only = args is ["--only", var name] ? name : null;
var chosen = benchmarks.Where(benchmark => only is null || benchmark.Name == only).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"There is no benchmark '{only}'; there are {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}.");
    return 2;
}

var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
Directory.CreateDirectory(Path.Combine("artifacts", "bench"));
foreach (var benchmark in chosen)
{
    List<Figure> figures = [];
    await foreach (var figure in benchmark.RunAsync(CancellationToken.None))
    {
        figures.Add(figure);
        string comparison = figure.Ratio is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"   against {figure.Baseline:0.0}: {figure.Ratio:0.00} ×");
        string value = figure.Value.ToString(figure.Value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
        Console.WriteLine($"{figure.Name,-72} {value,10} {figure.Unit}{comparison}");
    }

    await File.WriteAllTextAsync(Path.Combine("artifacts", "bench", $"{benchmark.Name}.json"), JsonSerializer.Serialize(figures, json));
}

return 0;
