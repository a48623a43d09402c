using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>The checks of what a candidate that fits can serve, in their order: the first that fails names the rejection.</summary>
internal static class ServiceChecks
{
    private const double HalfADay = 43200;

    public static Rejection? Changes(PlanInput input, double rebuildSeconds) => rebuildSeconds * input.Knowledge.ChangesPerDay > HalfADay
        ? new(
            RejectionReason.KnowledgeNeverCurrent,
            $"Preparing {Wording.Count(input.Knowledge.Tokens)} document tokens takes {Wording.Time(rebuildSeconds)}, and they change {Wording.Digits(input.Knowledge.ChangesPerDay)} "
            + "times a day: more than half of the time would go into it; use RAG, fewer documents or fewer changes.")
        : null;

    /// <param name="input">The deployment.</param>
    /// <param name="spec">The candidate.</param>
    /// <param name="firstTokenSeconds">Time to first token of a lone request.</param>
    /// <param name="answerSeconds">Time to its whole answer.</param>
    public static Rejection? LoneRequest(PlanInput input, CandidateSpec spec, double firstTokenSeconds, double answerSeconds)
    {
        var isSearch = spec.Decoding is DecodingMode.BeamSearch;
        var seen = isSearch ? answerSeconds : firstTokenSeconds;
        if (input.Objectives.TimeToFirstToken is { } first && seen > first.TotalSeconds)
        {
            return new(
                RejectionReason.FirstTokenTooSlow,
                isSearch
                    ? $"Beam search shows nothing of an answer before its end, which takes {Wording.Time(seen)} even without other load, the objective for the first token is {Wording.Time(first)}; "
                    + "sample, ask for shorter answers, take a faster node or allow more time."
                    : $"{Wording.Count(spec.Shape.PromptTokens)} prompt tokens take {Wording.Time(seen)} to the first token even without other load, the objective is {Wording.Time(first)}; "
                    + "send fewer tokens, take a faster node or allow more time.");
        }

        return input.Objectives.RequestLatency is { } all && answerSeconds > all.TotalSeconds
            ? new(
                RejectionReason.AnswerTooSlow,
                $"An answer of {Wording.Count(input.Traffic.OutputTokens)} tokens takes {Wording.Time(answerSeconds)} even without other load, the objective is {Wording.Time(all)}; "
                + "allow more time, ask for shorter answers, use fewer bits or a node with more bandwidth.")
            : null;
    }

    /// <summary>The load is past what is planned for so many replicas.</summary>
    public static Rejection Saturated(PlanInput input, int replicas, double mostPerSecond) => new(
        RejectionReason.Saturated,
        $"{Wording.Rate(input.Traffic.QueriesPerSecond)} are past what {Wording.Plural(replicas, "replica")} can carry ({Wording.Digits(mostPerSecond)}); "
        + "raise scaling.maxReplicas, lower the load or take a faster node.");

    /// <summary>Fewer requests than asked for are in time.</summary>
    public static Rejection TooFewReplicas(PlanInput input, int replicas, double share, double capacity) => new(
        RejectionReason.TooFewReplicas,
        $"With {Wording.Plural(replicas, "replica")} {Wording.Percent(share)} of requests meet the objectives, {input.Objectives.Percentile} % must; they hold up to "
        + $"{Wording.Rate(capacity)}; raise scaling.maxReplicas, allow more time or lower the load.");
}
