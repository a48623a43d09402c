namespace Leanserve.Planner;

/// <summary>What requests meet on a replica under a load, beside the number that each finds.</summary>
internal readonly struct ServiceLoad
{
    private const double LeastIdle = 0.2;

    private readonly double promptingShare;

    /// <param name="curve">The replica's speed.</param>
    /// <param name="arrivals">Requests a second.</param>
    /// <param name="found">The number that requests find.</param>
    public ServiceLoad(ServiceCurve curve, double arrivals, SystemDistribution found)
    {
        (Curve, Arrivals, MeanInService) = (curve, arrivals, found.MeanInService);
        promptingShare = found.Prompting / MeanInService;
        Chunks = curve.Cost.Chunks(curve.Shape);
        FullChunks = curve.Shape.PromptTokens / curve.Cost.ChunkTokens;
        FullChunkShare = curve.PackedShare / FullChunks;
        var together = Math.Max(MeanInService, 1) + 1;
        PromptsShare = OfPrompts(together);
        var slower = curve.ResidenceSeconds(together) - curve.ResidenceSeconds(together - 1);
        Idle = Math.Max(1 - (arrivals * slower * (1 + PromptsShare) / 2), LeastIdle);
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

    /// <summary>Chunks that a prompt fills: its last one leaves room for others'.</summary>
    public double FullChunks { get; }

    /// <summary>Seconds of a step whose chunk is filled up with others' prompts, as a part of those of a prompt alone.</summary>
    public double FullChunkShare { get; }

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

    /// <summary>Of so many in service, those in their prompts: at least as many as among so many that never leave, and at least their share of all in service.</summary>
    public double Prompting(int others) => Math.Min(Math.Max(Curve.Prompting(others), others * promptingShare), others);

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
