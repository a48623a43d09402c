namespace Leanserve.Planner;

/// <summary>What requests meet on a replica under a load, beside the number that each finds.</summary>
/// <param name="Curve">The replica's speed.</param>
/// <param name="Arrivals">Requests a second.</param>
/// <param name="MeanInService">Requests in service on average; above 0 where anybody is ever found.</param>
internal readonly record struct ServiceLoad(ServiceCurve Curve, double Arrivals, double MeanInService)
{
    private const double MostBusy = 0.95;

    /// <summary>Steps in which a prompt is computed.</summary>
    public double Chunks { get; } = Curve.Cost.Chunks(Curve.Shape);

    /// <summary>Part of its chunks that a prompt fills: its last one leaves room for others'.</summary>
    public double Fill => Curve.Shape.PromptTokens / Curve.Cost.ChunkTokens / Chunks;

    /// <summary>Prompts in computation on average, as in a queue whose requests share the server.</summary>
    public double Prompting { get; } = Arrivals * Curve.PrefillSeconds(1) / (1 - Math.Min(Arrivals * Curve.AddedPrefillSeconds(Math.Min((int)MeanInService + 1, Curve.Limit)), MostBusy));

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

    /// <summary>Share of what others cost a request that meets so many on average: their prompts, of prompts and next tokens, where these come while it answers.</summary>
    public double PromptsShare(double met)
    {
        var together = Math.Max(met, 1) + 1;
        var slower = Curve.ResidenceSeconds(together) - Curve.ResidenceSeconds(1);
        var steps = Curve.Shape.Steps(together);
        return slower > 0 ? Math.Clamp(Curve.InterferenceSeconds(together) / slower, 0, 1) * steps / (steps + Chunks) : 0;
    }
}
