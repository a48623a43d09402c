namespace LocalCluster.NodeAgents;

/// <summary>The wish to end a pod: first in good order, then at once.</summary>
internal sealed class PodStop
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _killed = new();

    /// <summary>Cancelled when the pod's containers are to terminate.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Cancelled when they are to die without further grace.</summary>
    public CancellationToken Killed => _killed.Token;

    /// <summary>The grace that the request gives; null leaves it to the pod's own.</summary>
    public TimeSpan? Grace { get; private set; }

    public void Request(TimeSpan? grace)
    {
        Grace = grace;
        _requested.Cancel();
    }

    public void Kill()
    {
        _killed.Cancel();
        _requested.Cancel();
    }
}
