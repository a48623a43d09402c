namespace LocalCluster.NodeAgents;

/// <summary>Kubelet's delay before a restart: none for the first, then 10 s, doubled each time up to 5 minutes; forgotten after 10 minutes of running.</summary>
internal sealed class RestartBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);
    private int _ended;

    /// <summary>The delay after a run has ended.</summary>
    /// <param name="ran">How long that run lasted.</param>
    public TimeSpan Next(TimeSpan ran)
    {
        _ended = ran >= Forgotten ? 1 : _ended + 1;
        // 2^5 × 10 s is past the cap already; the bound keeps the shift from overflowing.
        var delay = First * (1 << Math.Clamp(_ended - 2, 0, 5));
        return _ended == 1 ? TimeSpan.Zero : delay < Longest ? delay : Longest;
    }
}
