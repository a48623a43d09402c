namespace Leanserve.Planner;

/// <summary>Latency that clients see under the nominal load, queueing included.</summary>
public sealed record LatencyPrediction
{
    /// <summary>Median time until the client sees the first token: the whole answer's under beam search, which shows nothing before its end.</summary>
    public required TimeSpan TtftP50 { get; init; }

    public required TimeSpan TtftP95 { get; init; }

    /// <summary>Mean time between tokens, as they are computed.</summary>
    public required TimeSpan Itl { get; init; }

    /// <summary>Median time to the whole answer.</summary>
    public required TimeSpan E2eP50 { get; init; }

    public required TimeSpan E2eP95 { get; init; }

    /// <summary>Mean requests in service on one replica.</summary>
    public required double MeanInService { get; init; }

    /// <summary>Load over capacity, in (0, 1).</summary>
    public required double Utilization { get; init; }
}
