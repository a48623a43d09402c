namespace Leanserve.Planner;

/// <summary>Probabilities of the numbers that wait, with all places in service taken, in proportion to that of one request less.</summary>
/// <remarks>
/// As much probability as in a birth–death chain, which keeps the flow in balance, but in a tail that falls as fast as one of services of one length does: by the ratio
/// 1/z with ln z = ρ(z − 1), of which ρ·e^(ρ−1) is within a few percent where it matters.
/// </remarks>
internal readonly struct QueueTail
{
    // Whether fewer wait more often than more, and the ratio from each state to the next rarer one.
    private readonly bool falls;
    private readonly double factor;
    private readonly double sum;
    private readonly double full;

    /// <param name="ratio">Requests that come while one is completed, with all places in service taken.</param>
    /// <param name="places">Requests that may wait.</param>
    public QueueTail(double ratio, int places)
    {
        var last = Math.Pow(ratio, places);
        Mass = ratio * GeometricSum(ratio, last * ratio, places + 1);
        var decay = ratio * Math.Exp(ratio - 1);
        (falls, factor) = decay <= 1 ? (true, decay) : (false, 1 / decay);
        var least = Math.Pow(factor, places);
        sum = GeometricSum(factor, least, places);
        full = ratio > 1 ? (1 - (1 / ratio)) / (1 - (1 / (last * ratio))) : least / (sum + least);
    }

    /// <summary>Of all states together.</summary>
    public double Mass { get; }

    /// <summary>Spreads so much over the states, from nobody waiting to a full queue, which turns requests away.</summary>
    public void Spread(double mass, Span<double> states)
    {
        states[^1] = full * mass;
        var open = states[..^1];
        // Largest first, so that no power overflows.
        var next = (1 - full) * mass / sum;
        for (var i = 0; i < open.Length; i++)
        {
            open[falls ? i : ^(i + 1)] = next;
            next *= factor;
        }
    }

    // Of so many terms from 1 on; the next one is given.
    private static double GeometricSum(double ratio, double next, int terms) => Math.Abs(ratio - 1) < 1e-9 ? terms : (1 - next) / (1 - ratio);
}
