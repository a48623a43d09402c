using Leanserve.Cli.Charts;

namespace Leanserve.Cli.Eval.Reporting;

/// <summary>Draws several evaluations side by side: a line for each strategy and decoding over what tells the evaluations apart.</summary>
internal static class ComparisonPlot
{
    private const string Missing = "no value where nothing was answered";

    /// <param name="path">File to write, in the format of its name.</param>
    /// <param name="axis">What the runs' names are.</param>
    /// <param name="measure">What is shown.</param>
    /// <param name="runs">In the order of the axis.</param>
    public static void Write(string path, string axis, EvalMeasure measure, IReadOnlyList<(string Name, IReadOnlyList<EvalResult> Results)> runs)
    {
        var cells = runs.Select(run => run.Results.GroupBy(result => (result.Strategy, result.Decoding)).ToDictionary(group => group.Key, group => EvalCell.Of([.. group], null))).ToList();
        var keys = cells.SelectMany(run => run.Keys).Distinct().Where(key => cells.Any(run => run.TryGetValue(key, out var cell) && cell.Answered > 0)).ToList();
        var decodings = keys.Select(key => key.Decoding).Distinct().Count();
        List<Series> series =
        [
            .. keys.Select(key => new Series(
                decodings == 1 ? key.Strategy : $"{key.Strategy}, {key.Decoding}",
                [.. cells.Select(run => run.TryGetValue(key, out var cell) ? Estimate(cell, measure) : null)])),
        ];
        EvalPlot.Save(path, Chart(axis, measure, [.. runs.Select(run => run.Name)], series).Draw());
    }

    private static SeriesChart Chart(string axis, EvalMeasure measure, IReadOnlyList<string> names, List<Series> series) => new()
    {
        Title = measure is EvalMeasure.Exact ? "Exact match" : "Time to the first token",
        Subtitle = measure is EvalMeasure.Exact ? $"95 % intervals (Wilson); {Missing}" : $"median; {Missing}",
        Style = SeriesStyle.Lines,
        CategoryTitle = axis,
        Categories = names,
        ValueAxis = measure is EvalMeasure.Exact ? new ChartAxis("exact match", 0, 1, Percent: true) : Milliseconds([.. series.SelectMany(each => each.Values).OfType<Estimate>().Select(value => value.Value)]),
        Series = series,
    };

    // Whole decades around what was measured.
    private static ChartAxis Milliseconds(double[] values)
    {
        var (low, high) = values.Length == 0 ? (1, 1) : (Math.Floor(Math.Log10(values.Min())), Math.Floor(Math.Log10(values.Max())) + 1);
        return new ChartAxis("ms", Math.Pow(10, low), Math.Pow(10, Math.Max(high, low + 1)), Logarithmic: true);
    }

    private static Estimate? Estimate(EvalCell cell, EvalMeasure measure) => measure is EvalMeasure.FirstToken
        ? cell.TtftMs is { P50: > 0 } first ? new Estimate(first.P50) : null
        : cell.Exact is { } exact ? new Estimate(exact.Value, exact.Low, exact.High) : null;
}
