namespace Leanserve.Engine;

/// <summary>The queue is full; the request was not taken.</summary>
public sealed class EngineBusyException(int queuedRequests, TimeSpan retryAfter)
    : Exception($"The queue holds {queuedRequests} requests, its limit; try again in {Math.Ceiling(retryAfter.TotalSeconds):0} s.")
{
    /// <summary>When a place is likely to be free.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
