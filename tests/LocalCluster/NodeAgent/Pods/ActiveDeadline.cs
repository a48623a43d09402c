namespace LocalCluster.NodeAgents;

/// <summary>Stops a pod that is active for longer than its <c>activeDeadlineSeconds</c>.</summary>
internal sealed class ActiveDeadline : IDisposable
{
    public const string Reason = "DeadlineExceeded";
    public const string Message = "Pod was active on the node longer than the specified deadline";
    private readonly ITimer? _timer;

    public ActiveDeadline(PodContext pod, Action fail)
    {
        if (pod.Pod.Spec.ActiveDeadlineSeconds is { } seconds)
        {
            _timer = pod.Node.Time.CreateTimer(_ => fail(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer?.Dispose();
}
