namespace Leanserve.Planner;

/// <summary>How long a whole answer takes whose request finds a certain number in service, as the number of others that would make every one so slow.</summary>
/// <remarks>
/// Prompts go before answers. So a later one delays this request by its whole prompt, but by its next tokens only until this answer ends: by half of them, spread
/// evenly. Of those found in their prompts, half of the prompt and all next tokens are left, of the others half of the next tokens. While all that is computed, more
/// come, as in the busy period of a queue that begins with this much work: with w seconds of work and a share ρ of the time taken by those who come, it lasts w/(1 − ρ),
/// and the number who come varies by m/(1 − ρ)² where m is their mean; e^(−λw) is the chance of none. The time is taken to follow a gamma distribution otherwise.
/// A request that had to wait for its place keeps all places taken for as long as those behind it last.
/// </remarks>
internal readonly struct AnswerTime
{
    private const double FarInTail = 6;

    // Probability to stay alone, and the distribution of those met otherwise.
    private readonly double alone;
    private readonly double mean;
    private readonly double deviation;

    /// <param name="load">The load.</param>
    /// <param name="others">Others in service when it joins.</param>
    /// <param name="later">Requests that come during its stay, on average.</param>
    public AnswerTime(in ServiceLoad load, int others, out double later)
    {
        var (prompts, idle) = (load.PromptsShare, load.Idle);
        var found = others > 0 ? ((others * (1 - prompts)) + load.Prompting(others)) / 2 : 0;
        later = load.Arrivals * load.Curve.ResidenceSeconds(found + 1) / idle;
        mean = found + (later * (1 + prompts) / 2);
        var variance = (others / 12.0) + (later * (1 + prompts + (prompts * prompts)) / (3 * idle * idle));
        if (others == 0)
        {
            // With nobody found, nobody may come: then the request stays alone.
            alone = Math.Exp(-later * idle);
            var square = (variance + (mean * mean)) / (1 - alone);
            mean /= 1 - alone;
            variance = square - (mean * mean);
            alone = variance > 0 ? alone : 1;
        }

        deviation = Math.Sqrt(variance);
    }

    private AnswerTime(double mean, double deviation) => (this.mean, this.deviation) = (mean, deviation);

    /// <summary>The same where so many requests wait for a place when it joins: whoever waits takes the place of the next that leaves; after the last of them, places stay free.</summary>
    /// <param name="behind">Requests that wait, on average.</param>
    /// <param name="others">Others in service when it joins.</param>
    /// <param name="later">Requests that would come during its stay if nobody waited.</param>
    public AnswerTime Before(double behind, int others, double later)
    {
        if (behind <= 0)
        {
            return this;
        }

        var leaving = others - later;
        var free = leaving > behind ? 1 - (behind / leaving) : 0;
        return new AnswerTime(others - ((others - mean) * free * free), free * Math.Sqrt(behind + (deviation * deviation)));
    }

    /// <summary>Probability to meet at most so many on average.</summary>
    public double MeetsAtMost(double most) => most < 0 ? 0 : alone >= 1 ? 1 : alone + ((1 - alone) * WhereAny(most));

    private double WhereAny(double value)
    {
        if (value >= mean + (FarInTail * deviation))
        {
            return 1;
        }

        // The cube root of a gamma distributed number is nearly normal (Wilson and Hilferty, PNAS 17(12), 1931).
        var spread = deviation / (3 * mean);
        return value <= 0 ? 0 : Normal((Math.Cbrt(value / mean) - 1 + (spread * spread)) / spread);
    }

    // Of the normal distribution function; within 3e-4 (Page, 1977).
    private static double Normal(double value) => 1 / (1 + Math.Exp(-1.5957691216 * (value + (0.044715 * value * value * value))));
}
