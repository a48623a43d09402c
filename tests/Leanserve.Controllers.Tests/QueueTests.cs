using Leanserve.Controllers.Tests.Support;

namespace Leanserve.Controllers.Tests;

/// <summary>What is reconciled when, and what does not hold up what.</summary>
public sealed class QueueTests(ApiServerFixture api)
{
    [Fact, Trait("Case", "12")]
    public async Task Updates_AThousandToOneKey_AreAFewReconcilesAndTheLastSeesTheEnd()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Script = (script, _) => script.OnReconcile = async (widget, token) =>
            {
                await Task.Delay(200, token);
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("w");
        var started = TimeProvider.System.GetTimestamp();
        // 1,000 writes are 1,000 changes whoever races with whom: the sizes differ.
        await Parallel.ForEachAsync(Enumerable.Range(1, 999), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await op.Widgets.ResizeAsync("w", i));
        await op.Widgets.ResizeAsync("w", 5000);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;

        await Eventually.True(() => op.Script.LastOf("w")!.Spec.Size == 5000);
        Assert.InRange(op.Script.CountOf("w"), 2, (int)(seconds / 0.2) + 3);
    }

    [Fact, Trait("Case", "13")]
    public async Task Reconciles_OfOneKey_NeverOverlapAndThoseOfSeveralDo()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Controller = c => c.WithWorkers(6),
            Script = (script, _) => script.OnReconcile = async (widget, token) =>
            {
                await Task.Delay(50, token);
                return Results.Ok(widget);
            },
        });
        for (var i = 0; i < 4; i++)
        {
            await op.Widgets.CreateAsync($"w{i}");
        }

        for (var round = 1; round <= 15; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => op.Widgets.ResizeAsync($"w{i}", round)));
        }

        await Eventually.True(() => Enumerable.Range(0, 4).All(i => op.Script.LastOf($"w{i}")?.Spec.Size == 15));
        Assert.Equal(1, op.Script.MostPerKey);
        Assert.InRange(op.Script.MostAtOnce, 2, 4);
    }

    [Fact, Trait("Case", "14")]
    public async Task Reconcile_SlowHotKey_DelaysNobody()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Controller = c => c.WithWorkers(2),
            Script = (script, _) => script.OnReconcile = async (widget, token) =>
            {
                await Task.Delay(widget.Name == "hot" ? 30_000 : 0, token);
                return Results.Ok(widget);
            },
            Settings = s => s.DrainTimeout = TimeSpan.FromMilliseconds(100),
        });
        await op.Widgets.CreateAsync("hot");
        await Eventually.True(() => op.Script.CountOf("hot") == 1);
        for (var i = 1; i <= 20; i++)
        {
            await op.Widgets.ResizeAsync("hot", i);
            await op.Widgets.CreateAsync($"w{i}");
        }

        await Eventually.True(() => Enumerable.Range(1, 20).All(i => op.Script.CountOf($"w{i}") == 1), seconds: 5);
        Assert.Equal(1, op.Script.CountOf("hot"));
    }

    [Fact, Trait("Case", "15")]
    public async Task Change_DuringAReconcile_RunsExactlyOnceMore()
    {
        var go = new TaskCompletionSource();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Script = (script, _) => script.OnReconcile = async (widget, _) =>
            {
                await go.Task;
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("w", 1);
        await Eventually.True(() => op.Script.CountOf("w") == 1);
        await op.Widgets.ResizeAsync("w", 2);
        await op.Widgets.ResizeAsync("w", 3);
        await Eventually.True(() => op.Cache<Widget>().Get(op.Widgets.Namespace, "w")!.Spec.Size == 3);
        go.SetResult();

        await Eventually.True(() => op.Script.LastOf("w")!.Spec.Size == 3);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Equal(2, op.Script.CountOf("w"));
    }

    [Fact, Trait("Case", "16")]
    public async Task Reconcile_AlwaysFailing_ComesBackWithGrowingCappedDelay()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Settings = s => s.Retry.MaxDelay = TimeSpan.FromMilliseconds(400),
            Script = (script, _) => script.OnReconcile = (widget, _) => Task.FromResult(Results.Fail(widget)),
        });
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") >= 12);

        var gaps = op.Script.GapsOf("w");
        Assert.InRange(gaps[0], 0.03, 0.3);
        Assert.All(gaps.Skip(4), gap => Assert.InRange(gap, 0.29, 2));
        Assert.True(await op.MetricAsync("workqueue_retries_total") >= 11);
        Assert.True(await op.MetricAsync("controller_runtime_reconcile_total", "result=\"error\"") >= 11);
    }

    [Fact, Trait("Case", "17")]
    public async Task RequeueAfter_AndAnEarlierEvent_TheEventIsFirst()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Script = (script, _) => script.OnReconcile = (widget, _) => Task.FromResult(
                Results.Ok(widget, TimeSpan.FromSeconds(widget.Spec.Size == 0 ? 3600 : 0.3))),
        });
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") == 1);
        await op.Widgets.ResizeAsync("w", 1);

        await Eventually.True(() => op.Script.CountOf("w") >= 4, seconds: 5);
        Assert.All(op.Script.GapsOf("w").Skip(1), gap => Assert.InRange(gap, 0.29, 2));
    }

    [Fact, Trait("Case", "18")]
    public async Task Delete_OfAKeyWithAPendingRetry_StopsTheRetries()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Script = (script, _) => script.OnReconcile = (widget, _) => Task.FromResult(Results.Fail(widget, TimeSpan.FromMilliseconds(300))),
        });
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") >= 2);
        await op.Widgets.DeleteAsync("w");
        await Eventually.True(() => op.Script.Deleted.Count == 1);

        var count = op.Script.CountOf("w");
        await Task.Delay(900, TestContext.Current.CancellationToken);
        Assert.Equal(count, op.Script.CountOf("w"));
        Assert.Single(op.Script.Deleted);
    }

    [Fact, Trait("Case", "19")]
    public async Task Reconcile_ThrowingOrHanging_LeavesEveryWorkerAlive()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Controller = c => c.WithWorkers(2).WithReconcileTimeout(TimeSpan.FromMilliseconds(300)),
            Script = (script, _) => script.OnReconcile = async (widget, token) =>
            {
                switch (widget.Name)
                {
                    case "throws":
                        throw new InvalidOperationException("broken");
                    case "slow":
                        await Task.Delay(Timeout.Infinite, token);
                        break;
                    case "hangs":
                        await Task.Delay(Timeout.Infinite, CancellationToken.None);
                        break;
                }

                return Results.Ok(widget);
            },
        });
        foreach (var name in new[] { "throws", "slow", "hangs" })
        {
            await op.Widgets.CreateAsync(name);
        }

        await Eventually.True(() => op.Script.CountOf("throws") >= 3 && op.Script.CountOf("slow") >= 2 && op.Script.CountOf("hangs") == 1);
        for (var i = 0; i < 10; i++)
        {
            await op.Widgets.CreateAsync($"w{i}");
        }

        await Eventually.True(() => Enumerable.Range(0, 10).All(i => op.Script.CountOf($"w{i}") == 1));
        Assert.Equal(1, op.Script.CountOf("hangs"));
        await Eventually.TrueAsync(async () => await op.MetricAsync("controller_abandoned_reconciles") == 1);
        await Eventually.TrueAsync(async () => await op.MetricAsync("workqueue_longest_running_processor_seconds") > 0.3);
    }

    [Fact]
    public async Task Resync_WithoutAnyChange_ReconcilesAgain()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Controller = c => c.WithResyncPeriod(TimeSpan.FromMilliseconds(300)),
        });
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") >= 4);
    }
}
