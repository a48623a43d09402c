using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Repeats a probe with its delay, period and thresholds, and yields each change of its verdict.</summary>
internal static class ProbeLoop
{
    private const int DefaultPeriodSeconds = 10;
    private const int DefaultFailureThreshold = 3;

    /// <summary>The verdicts, each as it comes to differ from the one before; runs until cancelled.</summary>
    /// <param name="attempt">One attempt: null for success, else what went wrong.</param>
    /// <param name="failed">Told of every failed attempt.</param>
    /// <param name="initial">The verdict before the first attempt.</param>
    public static async IAsyncEnumerable<bool> VerdictsAsync(
        V1Probe probe, bool initial, Func<Task<string?>> attempt, Func<string, Task> failed, TimeProvider time,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var (verdict, successes, failures) = (initial, 0, 0);
        // A failing verdict is given even where the initial one was already false: it ends a startup probe.
        var given = false;
        await Task.Delay(TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0), time, cancellation).ConfigureAwait(false);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(probe.PeriodSeconds ?? DefaultPeriodSeconds, 1)), time);
        do
        {
            var problem = await attempt().ConfigureAwait(false);
            (successes, failures) = problem is null ? (successes + 1, 0) : (0, failures + 1);
            if (problem is not null)
            {
                await failed(problem).ConfigureAwait(false);
            }

            var next = problem is null
                ? successes >= Math.Max(probe.SuccessThreshold ?? 1, 1) || verdict
                : failures < Math.Max(probe.FailureThreshold ?? DefaultFailureThreshold, 1) && verdict;
            var exhausted = problem is not null && failures == Math.Max(probe.FailureThreshold ?? DefaultFailureThreshold, 1);
            if (next != verdict || (exhausted && !given))
            {
                (verdict, given) = (next, true);
                yield return verdict;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
    }
}
