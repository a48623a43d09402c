namespace Leanserve.Controllers;

/// <summary>How lists and watches behave.</summary>
public sealed class WatchSettings
{
    /// <summary>Objects per page of a list.</summary>
    /// <value>The default is 500.</value>
    public int PageSize { get; set; } = 500;

    /// <summary>The API server ends a watch after a random time between this and twice this, so that load evens out.</summary>
    /// <value>The default is 5 minutes.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A watch without a single line for this long is taken for dead and reopened. The API server sends bookmarks about every minute.
    /// </summary>
    /// <value>The default is 2 minutes 30 seconds.</value>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(150);

    /// <summary>Delay before a list or watch is tried again after it failed or was closed early.</summary>
    /// <value>The default grows from 200 ms to 30 s.</value>
    public BackoffOptions Reconnect { get; } = new() { MaxDelay = TimeSpan.FromSeconds(30) };

    internal IEnumerable<string> Violations()
    {
        if (PageSize < 1)
        {
            yield return $"Watch.PageSize is {PageSize}; it must be at least 1.";
        }

        if (Timeout < TimeSpan.FromSeconds(1))
        {
            yield return $"Watch.Timeout is {Timeout}; it must be at least 1 second.";
        }

        if (StallTimeout <= TimeSpan.Zero)
        {
            yield return $"Watch.StallTimeout is {StallTimeout}; it must be positive.";
        }

        foreach (var violation in Reconnect.Violations("Watch.Reconnect"))
        {
            yield return violation;
        }
    }
}
