using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>All probes of one run of a container: startup first, then readiness and liveness side by side.</summary>
/// <param name="started">Told once, when the startup probe succeeds or where there is none.</param>
/// <param name="ready">Told of each change of readiness.</param>
/// <param name="failed">Told of each failed attempt.</param>
internal sealed class ContainerProbes(
    V1Container container, ProbeRunner runner, Action started, Action<bool> ready, Func<ProbeKind, string, Task> failed, TimeProvider time)
{
    /// <summary>Ends with the probe that wants the container restarted; runs until cancelled else.</summary>
    public async Task<ProbeKind> RunAsync(CancellationToken cancellation)
    {
        if (container.StartupProbe is { } startup && !await FirstVerdictAsync(startup, cancellation).ConfigureAwait(false))
        {
            return ProbeKind.Startup;
        }

        started();
        var readiness = FollowReadinessAsync(cancellation);
        if (container.LivenessProbe is { } liveness)
        {
            await foreach (var alive in Verdicts(ProbeKind.Liveness, liveness, initial: true, cancellation).ConfigureAwait(false))
            {
                if (!alive)
                {
                    return ProbeKind.Liveness;
                }
            }
        }

        await readiness.ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
        throw new OperationCanceledException(cancellation);
    }

    private async Task<bool> FirstVerdictAsync(V1Probe probe, CancellationToken cancellation)
    {
        await foreach (var verdict in Verdicts(ProbeKind.Startup, probe, initial: false, cancellation).ConfigureAwait(false))
        {
            return verdict;
        }

        throw new OperationCanceledException(cancellation);
    }

    private async Task FollowReadinessAsync(CancellationToken cancellation)
    {
        if (container.ReadinessProbe is not { } probe)
        {
            ready(true);
            return;
        }

        await foreach (var verdict in Verdicts(ProbeKind.Readiness, probe, initial: false, cancellation).ConfigureAwait(false))
        {
            ready(verdict);
        }
    }

    private IAsyncEnumerable<bool> Verdicts(ProbeKind kind, V1Probe probe, bool initial, CancellationToken cancellation) => ProbeLoop.VerdictsAsync(
        probe, initial, () => runner.AttemptAsync(probe, cancellation), problem => failed(kind, problem), time, cancellation);
}
