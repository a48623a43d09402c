namespace Leanserve.Planner;

/// <summary>How long a whole answer takes whose request finds a certain number in service.</summary>
/// <remarks>
/// The residence follows the number of others that a request meets on average while it stays. Each found one leaves, and each later one comes, at an even spread
/// of the stay: n found ones are met as n halves, with a variance of n/12; Poisson later ones of mean m as m halves, with a variance of m/3.
/// So it is with the time that others' next tokens take. Their prompts are another matter: a later one is computed in full before this answer ends, and while it is,
/// more come, as in the busy period of a queue, with a variance of m/(1 − ρ)² where prompts take a share ρ of the time. A request that had to wait for its place
/// keeps all places taken for as long as those behind it last.
/// </remarks>
internal readonly struct AnswerTime
{
    private const double FarInTail = 4;

    // Probability to stay alone, and the normal distribution of those met otherwise, of which only the part above zero counts.
    private readonly double alone;
    private readonly double mean;
    private readonly double deviation;

    /// <param name="load">The load.</param>
    /// <param name="others">Others in service when it joins.</param>
    /// <param name="behind">Requests that wait for a place then, on average.</param>
    public AnswerTime(in ServiceLoad load, int others, double behind = 0)
    {
        var later = load.LaterArrivals(others);
        // Who waits takes the place of the next that leaves; after the last of them, places stay free as without a queue.
        var leaving = others - later;
        var free = behind <= 0 ? 1 : leaving > behind ? 1 - (behind / leaving) : 0;
        mean = others - (leaving * free * free / 2);
        var prompts = load.PromptsShare(mean);
        var variance = free * free * (behind + ((1 - prompts) * (1 - prompts) * ((others / 12.0) + (later / 3))) + (prompts * prompts * later * load.Clustering(others)));
        if (others == 0)
        {
            // With nobody found, nobody may come: then the request stays alone.
            alone = Math.Exp(-later);
            var square = (variance + (mean * mean)) / (1 - alone);
            mean /= 1 - alone;
            variance = square - (mean * mean);
            alone = variance > 0 ? alone : 1;
        }

        deviation = Math.Sqrt(variance);
    }

    /// <summary>Probability to meet at most so many on average.</summary>
    public double MeetsAtMost(double most) => most < 0 ? 0 : alone >= 1 ? 1 : alone + ((1 - alone) * AboveZero(most));

    private double AboveZero(double value)
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
