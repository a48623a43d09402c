using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>How exact the choice of tokens must be; exact means beam search.</summary>
public enum AnswerExactness
{
    Standard,

    /// <summary>Beam search where it costs little more.</summary>
    PreferExact,

    /// <summary>Beam search or nothing.</summary>
    RequireExact,
}

/// <summary>What good means.</summary>
public sealed record Objectives
{
    /// <summary>Bound on the time until a client sees the first token, at <see cref="Percentile"/>; null sets none.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Bound on the time to the whole answer at <see cref="Percentile"/>; null sets none.</summary>
    public TimeSpan? RequestLatency { get; init; }

    /// <summary>Share of requests, in percent, that must meet the bounds.</summary>
    public int Percentile { get; init; } = 95;

    public AnswerExactness Exactness { get; init; } = AnswerExactness.Standard;

    /// <summary>Bounds in seconds on the first token computed and on the whole answer; infinite where there is none. A search shows nothing before its end, which both objectives then bound.</summary>
    public (double FirstToken, double Answer) Bounds(DecodingMode decoding)
    {
        var first = TimeToFirstToken?.TotalSeconds ?? double.PositiveInfinity;
        var whole = RequestLatency?.TotalSeconds ?? double.PositiveInfinity;
        return decoding is DecodingMode.BeamSearch ? (double.PositiveInfinity, Math.Min(first, whole)) : (first, whole);
    }
}
