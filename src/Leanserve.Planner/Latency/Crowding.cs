namespace Leanserve.Planner;

/// <summary>More are in service than if prompts and answers shared the machine evenly, for prompts go before answers: how many more, with as much work.</summary>
/// <remarks>
/// A prompt in computation keeps the answers waiting, which would be half done otherwise. So each adds half of what one request more in service adds to a stay, as a
/// share of a stay alone: held to a simulation of the engine, see the tests.
/// </remarks>
internal readonly struct Crowding
{
    private const double MostBusy = 0.95;

    // Mean and variance say little where nearly all places are taken; a larger factor would leave only the last.
    private const double MostTilt = 2;

    private readonly double more;

    /// <param name="curve">The replica's speed.</param>
    /// <param name="arrivals">Requests a second.</param>
    /// <param name="meanIfShared">Requests in service on average if prompts and answers shared the machine evenly.</param>
    public Crowding(ServiceCurve curve, double arrivals, double meanIfShared)
    {
        var together = Math.Max(meanIfShared, 1) + 1;
        var busy = Math.Min(arrivals * curve.AddedPrefillSeconds(Math.Min((int)meanIfShared + 1, curve.Limit)), MostBusy);
        Prompting = arrivals * curve.PrefillSeconds(1) / (1 - busy);
        more = Prompting * (curve.ResidenceSeconds(together) - curve.ResidenceSeconds(together - 1)) / (2 * curve.ResidenceSeconds(1));
    }

    /// <summary>Requests in their prompts on average.</summary>
    public double Prompting { get; }

    /// <summary>
    /// The factor by which each number in service is likelier than the next smaller one, so that the mean is as much larger: of a negative binomial, Poisson or binomial
    /// distribution, whichever has the mean and variance.
    /// </summary>
    /// <param name="mean">Others in service on average while anybody is.</param>
    /// <param name="variance">Of them.</param>
    /// <param name="most">Others in service at most.</param>
    public double Tilt(double mean, double variance, int most)
    {
        var goal = Math.Min(mean + (more * (mean + 1)), (mean + most) / 2);
        return Math.Clamp(goal * variance / Math.Max((mean * mean) + (goal * (variance - mean)), double.Epsilon), 1, MostTilt);
    }
}
