using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Ends a running container as Kubernetes promises: preStop hook, SIGTERM, grace period, SIGKILL.</summary>
internal sealed class ContainerTermination(PodContext pod, V1Container container, ProbeRunner runner)
{
    private const int DefaultGraceSeconds = 30;

    /// <summary>Returns once the process is gone.</summary>
    public async Task EndAsync(ContainerProcess process)
    {
        var grace = pod.Stop.Grace ?? TimeSpan.FromSeconds(pod.Pod.Spec.TerminationGracePeriodSeconds ?? DefaultGraceSeconds);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(pod.Stop.Killed);
        using var timer = pod.Node.Time.CreateTimer(_ => limit.Cancel(), null, grace, Timeout.InfiniteTimeSpan);
        if (!limit.IsCancellationRequested)
        {
            await RunHookAsync(process, limit.Token).ConfigureAwait(false);
            await process.SignalAsync(NativeMethods.SignalTerminate).ConfigureAwait(false);
            await Task.WhenAny(process.Exited, Task.Delay(Timeout.Infinite, limit.Token)).ConfigureAwait(false);
        }

        process.Kill();
        await process.Exited.ConfigureAwait(false);
    }

    private async Task RunHookAsync(ContainerProcess process, CancellationToken cancellation)
    {
        if (container.Lifecycle?.PreStop is not { } hook)
        {
            return;
        }

        string? problem;
        try
        {
            problem = hook switch
            {
                { Exec: { } exec } => await process.ExecuteAsync(exec.Command, cancellation).ConfigureAwait(false) is { Succeeded: false } failed ? failed.Output : null,
                { HttpGet: { } get } => await runner.GetAsync(get, cancellation).ConfigureAwait(false),
                _ => "this node agent knows exec and httpGet hooks only"
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ArgumentException)
        {
            problem = exception.Message;
        }

        if (problem is not null)
        {
            await pod.EventAsync(container, "Warning", "FailedPreStopHook", $"preStop hook failed: {problem}").ConfigureAwait(false);
        }
    }
}
