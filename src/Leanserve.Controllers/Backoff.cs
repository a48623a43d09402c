namespace Leanserve.Controllers;

/// <summary>Delays of a capped, jittered exponential backoff.</summary>
internal static class Backoff
{
    private const double MinJitter = 0.75;

    /// <summary>The delay after <paramref name="failures"/> failures in a row (1 or more).</summary>
    /// <remarks>
    /// Jitter takes off up to a quarter: enough that replicas and keys do not march in step, and little enough that, until the cap,
    /// every delay is longer than the one before.
    /// </remarks>
    public static TimeSpan Delay(BackoffOptions options, int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var ticks = Math.Min(options.BaseDelay.Ticks * Math.Pow(2, Math.Min(failures - 1, 60)), options.MaxDelay.Ticks);
        return TimeSpan.FromTicks((long)ticks) * (MinJitter + ((1 - MinJitter) * Random.Shared.NextDouble()));
    }
}
