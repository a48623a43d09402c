using System.Globalization;
using System.Text;

namespace Leanserve.Planner;

/// <summary>How far predictions are off: median and 90th percentile of the absolute percentage errors over the rows that are not saturated.</summary>
public static class ErrorSummary
{
    /// <summary>A table of errors by engine profile and kind of load, and the share of rows whose saturation is right.</summary>
    /// <param name="rows">What was measured.</param>
    /// <param name="predictions">What was predicted of each row.</param>
    /// <param name="profiles">The engine profile that each was predicted with.</param>
    public static string Of(IReadOnlyList<LoadRow> rows, IReadOnlyList<PredictedLoad> predictions, IReadOnlyList<string> profiles)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(profiles);
        var pairs = rows.Zip(predictions).ToList();
        var text = new StringBuilder();
        Line(text, "single streams and closed loops", [.. pairs.Where(pair => pair.First.Load.QueriesPerSecond is null)]);
        Line(text, "open load", [.. pairs.Where(pair => pair.First.Load.QueriesPerSecond is not null)]);
        var byProfile = pairs.Zip(profiles).GroupBy(each => (Profile: each.Second, Open: each.First.First.Load.QueriesPerSecond is not null), each => each.First);
        foreach (var group in byProfile.OrderBy(group => group.Key))
        {
            Line(text, $"{group.Key.Profile}, {(group.Key.Open ? "open load" : "single streams and closed loops")}", [.. group]);
        }

        var judged = pairs.Where(pair => pair.First.Saturated is not null).ToList();
        if (judged.Count > 0)
        {
            var right = judged.Count(pair => pair.First.Saturated == pair.Second.Saturated);
            text.Append(CultureInfo.InvariantCulture, $"saturation right in {right} of {judged.Count} rows ({100.0 * right / judged.Count:0.#} %)\n");
        }

        return text.ToString();
    }

    /// <summary>Absolute percentage errors of the time to first token, sorted.</summary>
    public static IReadOnlyList<double> TtftErrors(IEnumerable<(LoadRow Row, PredictedLoad Predicted)> pairs) =>
        Errors(pairs, row => row.TtftMilliseconds, predicted => predicted.TimeToFirstTokenSeconds);

    /// <summary>Absolute percentage errors of the inter-token latency, sorted.</summary>
    public static IReadOnlyList<double> ItlErrors(IEnumerable<(LoadRow Row, PredictedLoad Predicted)> pairs) =>
        Errors(pairs, row => row.ItlMilliseconds, predicted => predicted.InterTokenSeconds);

    /// <summary>The value below which a share of sorted values lies, between neighbours in a straight line; NaN of none.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        if (sorted.Count == 0)
        {
            return double.NaN;
        }

        var place = share * (sorted.Count - 1);
        var below = (int)place;
        return below + 1 < sorted.Count ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    private static List<double> Errors(IEnumerable<(LoadRow Row, PredictedLoad Predicted)> pairs, Func<LoadRow, double?> measured, Func<PredictedLoad, double> predicted) =>
    [
        .. pairs.Where(pair => pair.Row.Saturated is not true && measured(pair.Row) is not null)
            .Select(pair => 100 * Math.Abs((predicted(pair.Predicted) * 1e3 / measured(pair.Row)!.Value) - 1)).Order(),
    ];

    private static void Line(StringBuilder text, string name, IReadOnlyList<(LoadRow, PredictedLoad)> pairs)
    {
        var itl = ItlErrors(pairs);
        var ttft = TtftErrors(pairs);
        text.Append(CultureInfo.InvariantCulture, $"{name}: ITL median {Shown(itl, 0.5)}, 90th percentile {Shown(itl, 0.9)} ({itl.Count} rows); ");
        text.Append(CultureInfo.InvariantCulture, $"TTFT median {Shown(ttft, 0.5)}, 90th percentile {Shown(ttft, 0.9)} ({ttft.Count} rows)\n");
    }

    private static string Shown(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? "–" : Quantile(sorted, share).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
