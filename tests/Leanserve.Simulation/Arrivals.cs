namespace Leanserve.Simulation;

/// <summary>Endless streams of arrival times in seconds, the same for the same seed.</summary>
public static class Arrivals
{
    /// <summary>Independent arrivals at a constant rate.</summary>
    /// <param name="rate">Requests a second.</param>
    /// <param name="seed">Of the random numbers.</param>
    public static IEnumerable<double> Poisson(double rate, int seed)
    {
        var random = new Random(seed);
        for (var now = 0.0; ;)
        {
            now += Exponential(random) / rate;
            yield return now;
        }
    }

    /// <summary>Calm and burst in turns, each of exponential length, and Poisson within: a Markov-modulated process. Its mean rate is <paramref name="rate"/>.</summary>
    /// <param name="rate">Requests a second on average over both.</param>
    /// <param name="factor">The burst's rate as a multiple of the mean.</param>
    /// <param name="share">Share of time in bursts; below 1 / factor.</param>
    /// <param name="burstSeconds">Mean length of a burst.</param>
    /// <param name="seed">Of the random numbers.</param>
    public static IEnumerable<(double Seconds, bool InBurst)> Bursty(double rate, double factor, double share, double burstSeconds, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share * factor, 1);
        var random = new Random(seed);
        var calmRate = rate * (1 - (share * factor)) / (1 - share);
        var calmSeconds = burstSeconds * (1 - share) / share;
        for (var (now, inBurst, until) = (0.0, false, Exponential(random) * calmSeconds); ;)
        {
            var next = now + (Exponential(random) / (inBurst ? rate * factor : calmRate));
            if (next < until)
            {
                now = next;
                yield return (now, inBurst);
                continue;
            }

            // What is left of the interval may be drawn anew: exponential times have no memory.
            now = until;
            inBurst = !inBurst;
            until = now + (Exponential(random) * (inBurst ? burstSeconds : calmSeconds));
        }
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());
}
