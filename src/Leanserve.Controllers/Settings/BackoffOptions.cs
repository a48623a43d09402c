namespace Leanserve.Controllers;

/// <summary>Capped, jittered, endless exponential backoff.</summary>
public sealed class BackoffOptions
{
    /// <summary>Delay after the first failure.</summary>
    /// <value>The default is 200 ms.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The delay never grows beyond this.</summary>
    /// <value>The default is 2 minutes.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(2);

    internal IEnumerable<string> Violations(string name)
    {
        if (BaseDelay <= TimeSpan.Zero)
        {
            yield return $"{name}.BaseDelay is {BaseDelay}; it must be positive.";
        }

        if (MaxDelay < BaseDelay)
        {
            yield return $"{name}.MaxDelay is {MaxDelay}; it must be at least BaseDelay ({BaseDelay}).";
        }
    }
}
