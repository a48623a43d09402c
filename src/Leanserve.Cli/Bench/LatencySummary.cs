namespace Leanserve.Cli.Bench;

/// <summary>A distribution in milliseconds.</summary>
public sealed record LatencySummary(double Mean, double P50, double P90, double P95, double P99, double Max)
{
    /// <summary>The summary of some spans, or null of none. Percentiles are of the nearest rank: each is a value that was measured.</summary>
    public static LatencySummary? Of(IEnumerable<TimeSpan> spans)
    {
        var sorted = spans.Select(span => span.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0
            ? null
            : new LatencySummary(
                Math.Round(sorted.Average(), 3), Rank(sorted, 50), Rank(sorted, 90), Rank(sorted, 95), Rank(sorted, 99), Math.Round(sorted[^1], 3));
    }

    private static double Rank(double[] sorted, double percentile) =>
        Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(percentile / 100 * sorted.Length) - 1)], 3);
}
