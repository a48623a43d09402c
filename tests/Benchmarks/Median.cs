using System.Diagnostics;

namespace Leanserve.Benchmarks;

/// <summary>Repeats and takes the median.</summary>
internal static class Median
{
    /// <summary>Milliseconds of each of two actions, run in turns so that a noisy machine disturbs both alike; the first turn is not counted.</summary>
    public static (double First, double Second) OfTurns(int turns, Action first, Action second)
    {
        List<double> firsts = [];
        List<double> seconds = [];
        for (int turn = 0; turn <= turns; turn++)
        {
            double a = Milliseconds(first);
            double b = Milliseconds(second);
            if (turn > 0)
            {
                firsts.Add(a);
                seconds.Add(b);
            }
        }

        return (Of(firsts), Of(seconds));
    }

    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
