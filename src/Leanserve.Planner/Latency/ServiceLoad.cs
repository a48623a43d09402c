namespace Leanserve.Planner;

/// <summary>What requests meet on a replica under a load, beside the number that each finds.</summary>
internal readonly struct ServiceLoad
{
    private const double MostBusy = 0.95;
    private const double LeastIdle = 0.2;

    /// <param name="curve">The replica's speed.</param>
    /// <param name="arrivals">Requests a second.</param>
    /// <param name="meanInService">Requests in service on average; above 0 where anybody is ever found.</param>
    public ServiceLoad(ServiceCurve curve, double arrivals, double meanInService)
    {
        (Curve, Arrivals, MeanInService) = (curve, arrivals, meanInService);
        Chunks = curve.Cost.Chunks(curve.Shape);
        var together = Math.Max(meanInService, 1) + 1;
        PromptsShare = OfPrompts(together);
        var slower = curve.ResidenceSeconds(together) - curve.ResidenceSeconds(together - 1);
        Idle = Math.Max(1 - (arrivals * slower * (1 + PromptsShare) / 2), LeastIdle);
        var busy = Math.Min(arrivals * curve.AddedPrefillSeconds(Math.Min((int)meanInService + 1, curve.Limit)), MostBusy);
        var prompting = arrivals * curve.PrefillSeconds(1) / (1 - busy);
        var more = prompting * slower / (2 * curve.ResidenceSeconds(1));
        FoundShare = Math.Min(((1 - PromptsShare) * (1 + more)) + (prompting / meanInService), 1) / 2;
    }

    public ServiceCurve Curve { get; }

    public double Arrivals { get; }

    public double MeanInService { get; }

    /// <summary>Steps in which a prompt is computed.</summary>
    public double Chunks { get; }

    /// <summary>Share of what others cost that their prompts are, of prompts and next tokens, where these come while one answers.</summary>
    public double PromptsShare { get; }

    /// <summary>Part of a stay that is left to those who were there before: whoever comes meanwhile delays it by its whole prompt and half of its answer.</summary>
    public double Idle { get; }

    /// <summary>
    /// What a found one costs while it is in service, as a part of the whole: its prompt as far as it is in it, and half of its answer. How many are found is counted as if prompts
    /// and answers shared the machine; since prompts go first, more are found, with as much work.
    /// </summary>
    public double FoundShare { get; }

    /// <summary>Part of its chunks that a prompt fills: its last one leaves room for others'.</summary>
    public double Fill => Curve.Shape.PromptTokens / Curve.Cost.ChunkTokens / Chunks;

    /// <summary>Seconds to compute a prompt, the next tokens of <paramref name="others"/> beside it where the engine mixes them.</summary>
    public double PromptSeconds(int others) =>
        Curve.AddedPrefillSeconds(others + 1) + (others > 0 && Curve.Cost.Profile.MixesPrompts ? Chunks * Curve.StepSeconds(others) : 0);

    /// <summary>Seconds to compute the prompt of a request that had to wait for its place: as far as cohorts form, together with the others'.</summary>
    public double QueuedPromptSeconds
    {
        get
        {
            var mixed = PromptSeconds(Curve.Limit - 1);
            return mixed + (Math.Max(Curve.Cohorts, 0) * Math.Max(Curve.CohortPromptSeconds - mixed, 0));
        }
    }

    /// <summary>Others met on average by a request that finds so many.</summary>
    public double MeanMet(int others) => (others + (Arrivals * Curve.ResidenceSeconds(((others + MeanInService) / 2) + 1))) / 2;

    /// <summary>The most others that a request may meet on average to be complete within so many seconds; below 0 where it is late even alone.</summary>
    /// <param name="seconds">The bound.</param>
    /// <param name="findsAny">Whether it finds a step running, at whose end it joins.</param>
    public double MostMet(double seconds, bool findsAny)
    {
        var rest = findsAny ? Curve.StepSeconds(Math.Clamp((int)Math.Round(MeanInService), 1, Curve.Limit)) / 2 : 0;
        var most = Curve.RequestsWithin(seconds - rest);
        return most < Curve.Limit ? most - 1 : double.PositiveInfinity;
    }

    private double OfPrompts(double together)
    {
        var slower = Curve.ResidenceSeconds(together) - Curve.ResidenceSeconds(1);
        var steps = Curve.Shape.Steps(together);
        return slower > 0 ? Math.Clamp(Curve.InterferenceSeconds(together) / slower, 0, 1) * steps / (steps + Chunks) : 0;
    }
}
