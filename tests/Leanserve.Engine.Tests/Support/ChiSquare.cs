namespace Leanserve.Engine.Tests.Support;

/// <summary>Pearson's test of counts against a distribution.</summary>
internal static class ChiSquare
{
    // Fewer draws than this in a cell, and the statistic's tail is no longer that of the chi-square distribution.
    private const double LeastExpected = 20;

    // Standard normal quantile of one false alarm in 10⁹.
    private const double Quantile = 6;

    /// <summary>Fails where the counts cannot be draws from the distribution, or where an impossible outcome was drawn.</summary>
    public static void AssertDrawnFrom(IReadOnlyList<double> probabilities, IReadOnlyList<int> counts)
    {
        int draws = counts.Sum();
        var cells = new List<(double Expected, double Observed)>();
        (double rareExpected, double rareObserved) = (0, 0);
        for (int i = 0; i < counts.Count; i++)
        {
            Assert.False(probabilities[i] == 0 && counts[i] > 0, $"Outcome {i} was drawn {counts[i]} times, but is impossible.");
            double expected = probabilities[i] * draws;
            if (expected >= LeastExpected)
            {
                cells.Add((expected, counts[i]));
            }
            else
            {
                (rareExpected, rareObserved) = (rareExpected + expected, rareObserved + counts[i]);
            }
        }

        if (rareExpected >= LeastExpected)
        {
            cells.Add((rareExpected, rareObserved));
        }
        else if (rareExpected > 0)
        {
            cells[^1] = (cells[^1].Expected + rareExpected, cells[^1].Observed + rareObserved);
        }

        double statistic = cells.Sum(cell => Math.Pow(cell.Observed - cell.Expected, 2) / cell.Expected);
        double limit = Limit(cells.Count - 1);
        Assert.True(statistic <= limit, $"χ² is {statistic:F1} over {cells.Count} cells and {draws} draws; chance keeps it under {limit:F1}.");
    }

    /// <summary>Wilson and Hilferty's approximation of the quantile (1931).</summary>
    private static double Limit(int degrees) =>
        degrees == 0 ? 1e-9 : degrees * Math.Pow(1 - (2.0 / (9 * degrees)) + (Quantile * Math.Sqrt(2.0 / (9 * degrees))), 3);
}
