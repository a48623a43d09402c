namespace Leanserve.Planner;

/// <summary>How long a whole answer takes, by the number in service that its request finds.</summary>
/// <remarks>
/// The residence follows the number of others that a request meets on average while it stays. Each found one leaves, and each later one comes, at an even spread
/// of the stay: n found ones are met as n halves, with a variance of n/12; Poisson later ones of mean m as m halves, with a variance of m/3.
/// </remarks>
internal readonly struct AnswerTimes
{
    private const double FarInTail = 4;

    private readonly ServiceCurve curve;
    private readonly double arrivals;
    private readonly double meanInService;
    private readonly double joinSeconds;

    /// <param name="curve">The replica's speed.</param>
    /// <param name="arrivals">Requests a second.</param>
    /// <param name="meanInService">Requests in service on average.</param>
    public AnswerTimes(ServiceCurve curve, double arrivals, double meanInService)
    {
        this.curve = curve;
        this.arrivals = arrivals;
        this.meanInService = meanInService;
        // It joins at the end of the running step.
        joinSeconds = curve.StepSeconds(Math.Clamp((int)Math.Round(meanInService), 1, curve.Limit)) / 2;
    }

    /// <summary>The most others that a request may meet on average to be complete within so many seconds of joining; below 0 where it is late even alone.</summary>
    /// <param name="seconds">The bound.</param>
    /// <param name="findsAny">Whether it finds a step running.</param>
    public double MostMet(double seconds, bool findsAny) => curve.RequestsWithin(findsAny ? seconds - joinSeconds : seconds) - 1;

    /// <summary>Probability that a request that finds <paramref name="others"/> in service, and a place free, meets at most so many on average.</summary>
    public double MeetsAtMost(double most, int others)
    {
        if (most < 0 || most >= curve.Limit - 1)
        {
            return most < 0 ? 0 : 1;
        }

        var later = LaterArrivals(others);
        var mean = (others + later) / 2;
        var variance = (others / 12.0) + (later / 3);
        if (others > 0)
        {
            return AboveZero(most, mean, Math.Sqrt(variance));
        }

        // With nobody found, nobody may come: then the request stays alone.
        var alone = Math.Exp(-later);
        var meanIfAny = mean / (1 - alone);
        var varianceIfAny = ((variance + (mean * mean)) / (1 - alone)) - (meanIfAny * meanIfAny);
        return varianceIfAny > 0 ? alone + ((1 - alone) * AboveZero(most, meanIfAny, Math.Sqrt(varianceIfAny))) : 1;
    }

    /// <summary>Others met on average by a request that finds so many.</summary>
    public double MeanMet(int others) => (others + LaterArrivals(others)) / 2;

    private double LaterArrivals(int others) => arrivals * curve.ResidenceSeconds(((others + meanInService) / 2) + 1);

    // A normal distribution's part above zero.
    private static double AboveZero(double value, double mean, double deviation)
    {
        if (value > mean + (FarInTail * deviation))
        {
            return 1;
        }

        var below = Normal(-mean / deviation);
        return Math.Max(0, (Normal((value - mean) / deviation) - below) / (1 - below));
    }

    // Of the normal distribution function; within 3e-4 (Page, 1977).
    private static double Normal(double value) => 0.5 * (1 + Math.Tanh(0.7978845608 * (value + (0.044715 * value * value * value))));
}
