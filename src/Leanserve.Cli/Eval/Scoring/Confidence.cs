namespace Leanserve.Cli.Eval.Scoring;

/// <summary>95 % confidence intervals.</summary>
internal static class Confidence
{
    private const double Z = 1.959964;
    private const int Resamples = 2000;
    private const int Seed = 1;

    /// <summary>A share, by Wilson's score interval (1927): right near 0 and 1 too, where answers lie.</summary>
    /// <param name="hits">Of <paramref name="count"/>.</param>
    /// <param name="count">At least 1.</param>
    public static Interval Wilson(int hits, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double n = count, p = hits / n;
        double scale = 1 + (Z * Z / n);
        double center = (p + (Z * Z / (2 * n))) / scale;
        double half = Z / scale * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        return new Interval(p, Math.Clamp(center - half, 0, p), Math.Clamp(center + half, p, 1));
    }

    /// <summary>A mean, by the percentile bootstrap (Efron, 1979) of 2,000 seeded resamples. Of paired differences, it is a paired comparison.</summary>
    /// <param name="values">At least one.</param>
    public static Interval Bootstrap(IReadOnlyList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        var random = new Random(Seed);
        var means = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            double sum = 0;
            for (var k = 0; k < values.Count; k++)
            {
                sum += values[random.Next(values.Count)];
            }

            means[i] = sum / values.Count;
        }

        Array.Sort(means);
        return new Interval(values.Average(), means[(int)(0.025 * Resamples)], means[(int)(0.975 * Resamples) - 1]);
    }
}
