using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>The checks of what a candidate that fits can serve, in their order: the first that fails names the rejection.</summary>
internal static class ServiceChecks
{
    private const double SecondsPerDay = 86400;

    /// <summary>Whether documents that take so long to prepare are current for enough of the time.</summary>
    public static bool KeepsUp(PlanInput input, double rebuildSeconds, PlannerConstants constants) =>
        rebuildSeconds * input.Knowledge.ChangesPerDay <= constants[Constant.MostPreparationShare] * SecondsPerDay;

    /// <param name="input">The deployment.</param>
    /// <param name="spec">The candidate.</param>
    /// <param name="profile">The engine.</param>
    /// <param name="constants">The constants in force.</param>
    /// <param name="rebuildSeconds">Time to prepare the documents.</param>
    public static Rejection? Changes(PlanInput input, CandidateSpec spec, EngineProfile profile, PlannerConstants constants, double rebuildSeconds) =>
        KeepsUp(input, rebuildSeconds, constants)
            ? null
            : new(
                RejectionReason.KnowledgeNeverCurrent,
                $"Preparing {Wording.Count(input.Knowledge.Tokens)} document tokens takes {Wording.Time(rebuildSeconds)}, and they change {Wording.Digits(input.Knowledge.ChangesPerDay)} "
                + $"times a day: more than {Wording.Percent(constants[Constant.MostPreparationShare])} of the time would go into it; "
                + Wording.Or(Remedies.RagFits(input, spec, profile, constants) ? "use RAG" : null, "use fewer documents", "gather their changes") + ".");

    /// <param name="input">The deployment.</param>
    /// <param name="spec">The candidate.</param>
    /// <param name="profile">The engine.</param>
    /// <param name="firstTokenSeconds">Time to first token of a lone request.</param>
    /// <param name="answerSeconds">Time to its whole answer.</param>
    public static Rejection? LoneRequest(PlanInput input, CandidateSpec spec, EngineProfile profile, double firstTokenSeconds, double answerSeconds)
    {
        var isSearch = spec.Decoding is DecodingMode.BeamSearch;
        var seen = isSearch ? answerSeconds : firstTokenSeconds;
        if (input.Objectives.TimeToFirstToken is { } first && seen > first.TotalSeconds)
        {
            var (allowed, takes) = Wording.Apart(first.TotalSeconds, seen, Wording.Time);
            return new(
                RejectionReason.FirstTokenTooSlow,
                isSearch
                    ? $"Beam search shows nothing of an answer before its end, which takes {takes} even without other load, the objective for the first token is {allowed}; "
                    + $"{(input.Objectives.Exactness is AnswerExactness.RequireExact ? "allow sampling (answerQuality: PreferExact)" : "sample")}, ask for shorter answers, take a faster node or allow more time."
                    : $"{Prompt(spec)} take {takes} to the first token{Before(spec)} even without other load, the objective is {allowed}; "
                    + Wording.Or(spec.Shape.SecondsBefore < first.TotalSeconds ? "send fewer tokens" : null, "take a faster node", "allow more time") + ".");
        }

        return input.Objectives.RequestLatency is { } all && answerSeconds > all.TotalSeconds
            ? AnswerTooSlow(input, spec, profile, Wording.Apart(all.TotalSeconds, answerSeconds, Wording.Time))
            : null;
    }

    /// <summary>The load is past what is planned for so many replicas.</summary>
    public static Rejection Saturated(PlanInput input, int replicas, double mostPerSecond) => new(
        RejectionReason.Saturated,
        $"{Wording.Apart(mostPerSecond, input.Traffic.QueriesPerSecond, Wording.Rate).More} are past what {Wording.Plural(replicas, "replica")} can carry "
        + $"({Wording.Apart(mostPerSecond, input.Traffic.QueriesPerSecond, Wording.Digits).Less}); {Wording.Or(MoreReplicas(replicas), "lower the load", "take a faster node")}.");

    /// <summary>Fewer requests than asked for are in time.</summary>
    public static Rejection TooFewReplicas(PlanInput input, int replicas, double share, double capacity) => new(
        RejectionReason.TooFewReplicas,
        $"With {Wording.Plural(replicas, "replica")} {Wording.Percent(share, input.Objectives.Percentile)} of requests meet the objectives, {input.Objectives.Percentile} % must; they hold up to "
        + $"{Wording.Apart(capacity, input.Traffic.QueriesPerSecond, Wording.Rate).Less}; {Wording.Or(capacity > 0 ? MoreReplicas(replicas) : null, "allow more time", capacity > 0 ? "lower the load" : null)}.");

    private static string Prompt(CandidateSpec spec) => spec.Compressor is { } compressor
        ? $"{Wording.Count(spec.Shape.PromptTokens * compressor.Ratio)} prompt tokens, compressed to {Wording.Count(spec.Shape.PromptTokens)},"
        : $"{Wording.Count(spec.Shape.PromptTokens)} prompt tokens";

    private static string Before(CandidateSpec spec) => spec.Shape.SecondsBefore > 0 ? $", {Wording.Time(spec.Shape.SecondsBefore)} of it before they are computed," : "";

    private static Rejection AnswerTooSlow(PlanInput input, CandidateSpec spec, EngineProfile profile, (string Allowed, string Takes) times) => new(
        RejectionReason.AnswerTooSlow,
        $"An answer of {Wording.Count(input.Traffic.OutputTokens)} tokens takes {times.Takes} even without other load, the objective is {times.Allowed}; "
        + Wording.Or("allow more time", "ask for shorter answers", Remedies.FewerBitsAreFaster(input, spec, profile) ? "use fewer bits" : null, "take a faster node") + ".");

    private static string? MoreReplicas(int replicas) => replicas < ReplicaBounds.Largest ? "raise scaling.maxReplicas" : null;
}
