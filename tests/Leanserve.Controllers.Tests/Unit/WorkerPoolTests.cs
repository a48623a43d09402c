using Leanserve.Controllers.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Leanserve.Controllers.Tests.Unit;

public sealed class WorkerPoolTests
{
    [Fact, Trait("Case", "19")]
    public async Task Work_ThatHangsAndIgnoresCancellation_FreesItsWorkerButKeepsItsKeyTaken()
    {
        using var test = new TestQueue();
        using var stop = new CancellationTokenSource();
        var hang = new TaskCompletionSource<WorkOutcome>();
        var done = new List<string>();
        var pool = new WorkerPool<string>(
            "test",
            test.Queue,
            (key, _) =>
            {
                lock (done)
                {
                    done.Add(key);
                }

                return key == "hangs" && done.Count == 1 ? hang.Task : Task.FromResult(WorkOutcome.Success);
            },
            workers: 1,
            TimeSpan.FromSeconds(10),
            test.Metrics,
            test.Time,
            NullLogger.Instance);
        var running = pool.RunAsync(stop.Token, CancellationToken.None);
        test.Queue.Add("hangs");
        await Eventually.True(() => done.Count == 1);
        test.Queue.Add("hangs");
        test.Queue.Add("next");

        await Eventually.True(() =>
        {
            test.Time.Advance(TimeSpan.FromSeconds(1));
            return done.Contains("next");
        });
        Assert.Equal(["hangs", "next"], done);

        hang.SetResult(WorkOutcome.Success);
        await Eventually.True(() => done.Count == 3);
        Assert.Equal("hangs", done[2]);
        await stop.CancelAsync();
        await running;
    }

    [Fact, Trait("Case", "19")]
    public async Task Work_ThatThrows_IsTriedAgainByTheSameWorker()
    {
        using var test = new TestQueue(TimeSpan.FromSeconds(1));
        using var stop = new CancellationTokenSource();
        var tries = 0;
        var pool = new WorkerPool<string>(
            "test",
            test.Queue,
            (_, _) => ++tries < 4 ? throw new InvalidOperationException("broken") : Task.FromResult(WorkOutcome.Success),
            workers: 1,
            TimeSpan.FromSeconds(10),
            test.Metrics,
            test.Time,
            NullLogger.Instance);
        var running = pool.RunAsync(stop.Token, CancellationToken.None);
        test.Queue.Add("a");

        await Eventually.True(() =>
        {
            test.Time.Advance(TimeSpan.FromMilliseconds(500));
            return tries == 4;
        });
        await stop.CancelAsync();
        await running;
    }

    [Fact, Trait("Case", "19")]
    public async Task Work_OverItsTimeLimit_IsCancelledAndTriedAgain()
    {
        using var test = new TestQueue(TimeSpan.FromSeconds(1));
        using var stop = new CancellationTokenSource();
        var cancelled = 0;
        var pool = new WorkerPool<string>(
            "test",
            test.Queue,
            async (_, token) =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    Interlocked.Increment(ref cancelled);
                }

                return WorkOutcome.Success;
            },
            workers: 1,
            TimeSpan.FromSeconds(10),
            test.Metrics,
            test.Time,
            NullLogger.Instance);
        var running = pool.RunAsync(stop.Token, stop.Token);
        test.Queue.Add("a");

        await Eventually.True(() =>
        {
            test.Time.Advance(TimeSpan.FromSeconds(1));
            return cancelled >= 3;
        });
        await stop.CancelAsync();
        await running;
    }
}
