namespace Leanserve.Planner;

/// <summary>The sum of a geometric number of parts, each evenly spread between 0 and 1: in closed form up to 1, an exponential tail with the same mean beyond.</summary>
internal readonly struct OverlapSum
{
    // Below this mean, the closed forms are differences of nearly equal numbers: their limits are used.
    private const double Few = 1e-3;

    private readonly double mean;
    private readonly double more;
    private readonly double beyond;
    private readonly double decay;

    /// <param name="mean">Of the number of parts.</param>
    public OverlapSum(double mean)
    {
        this.mean = mean;
        more = mean / (1 + mean);
        (beyond, decay) = (mean / 2, 3);
        if (mean > Few)
        {
            beyond = 1 - ((Math.Exp(more) - 1) / mean);
            decay = more * beyond / ((mean / 2) - beyond);
        }
    }

    /// <summary>Probability that there is no part.</summary>
    public double None => 1 - more;

    /// <summary>Probability of a sum of at most so much where there is a part.</summary>
    public double AnyWithin(double most) =>
        most < 0 ? 0
        : most >= 1 ? 1 - (beyond * Math.Exp((1 - most) * decay))
        : mean > Few ? (Math.Exp(more * most) - 1) / mean
        : most * (1 - beyond);
}
