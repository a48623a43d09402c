using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>
/// N workers on a queue. What the work does (throw, hang, ignore its cancellation) never costs a worker: work that outlives its limit
/// is left behind, its key stays taken until it ends, and the worker moves on.
/// </summary>
internal sealed class WorkerPool<TKey>(
    string name,
    WorkQueue<TKey> queue,
    Func<TKey, CancellationToken, Task<WorkOutcome>> work,
    int workers,
    TimeSpan timeout,
    OperatorMetrics metrics,
    TimeProvider timeProvider,
    ILogger logger)
    where TKey : notnull
{
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TKey, long> running = new();
    private readonly QueueMetrics queueMetrics = metrics.ForQueue(name);

    /// <summary>Works until <paramref name="stop"/>, then finishes what is begun.</summary>
    /// <param name="stop">Take no more keys.</param>
    /// <param name="abort">Cancel what is running.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        using var report = timeProvider.CreateTimer(_ => ReportLongest(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(stop, abort), CancellationToken.None)));
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken abort)
    {
        while (!stop.IsCancellationRequested)
        {
            TKey key;
            try
            {
                key = await queue.TakeAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await ProcessAsync(key, abort);
        }
    }

    private async Task ProcessAsync(TKey key, CancellationToken abort)
    {
        // Disposed by whoever sees the work end, which may be long after this method.
        var limit = new CancellationTokenSource(timeout, timeProvider);
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abort);
        var started = running[key] = timeProvider.GetTimestamp();
        var task = Task.Run(() => work(key, cancel.Token), CancellationToken.None);
        var finished = FinishAsync(key, task, started, limit, cancel, abort);

        var grace = timeout < LongestGrace ? timeout : LongestGrace;
        using var leave = new CancellationTokenSource(timeout + grace, timeProvider);
        await using var leaveOnAbort = abort.UnsafeRegister(_ => leave.CancelAfter(grace), null);
        try
        {
            await finished.WaitAsync(leave.Token);
        }
        catch (OperationCanceledException)
        {
            logger.LogError("{Controller} left {Key} behind: it ignores its cancellation for {Grace}", name, key, grace);
            metrics.Abandoned(name).Inc();
            _ = finished.ContinueWith(_ => metrics.Abandoned(name).Dec(), TaskScheduler.Default);
        }
    }

    private async Task FinishAsync(
        TKey key, Task<WorkOutcome> task, long started, CancellationTokenSource limit, CancellationTokenSource cancel, CancellationToken abort)
    {
        var outcome = WorkOutcome.Failure;
        var result = "error";
        try
        {
            outcome = await task;
            result = outcome switch { { Succeeded: false } => "error", { RequeueAfter: not null } => "requeue_after", _ => "success" };
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            result = "aborted";
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            logger.LogWarning("{Controller} cancelled {Key}: it took longer than {Timeout}", name, key, timeout);
            result = "timeout";
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Controller} failed on {Key}", name, key);
        }
        finally
        {
            running.TryRemove(key, out _);
            queueMetrics.Work.Observe(timeProvider.GetElapsedTime(started).TotalSeconds);
            metrics.Reconciled(name, result);
            cancel.Dispose();
            limit.Dispose();
            Requeue(key, outcome);
            queue.Done(key);
        }
    }

    private void Requeue(TKey key, WorkOutcome outcome)
    {
        if (outcome.Succeeded)
        {
            queue.Forget(key);
        }

        if (outcome.RequeueAfter is { } delay)
        {
            queue.AddAfter(key, delay);
        }
        else if (!outcome.Succeeded)
        {
            var wait = queue.AddFailed(key);
            logger.LogDebug("{Controller} tries {Key} again in {Delay}", name, key, wait);
        }
    }

    private void ReportLongest()
        => metrics.LongestRunning(name).Set(
            running.Values.Select(since => timeProvider.GetElapsedTime(since).TotalSeconds).DefaultIfEmpty(0).Max());
}
