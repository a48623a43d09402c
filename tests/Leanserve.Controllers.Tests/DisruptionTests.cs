using Leanserve.Controllers.Tests.Support;

namespace Leanserve.Controllers.Tests;

/// <summary>Disturbs the API server that all share, or measures the process that all share; so it runs alone.</summary>
[Collection(nameof(DisruptionTests))]
[CollectionDefinition(nameof(DisruptionTests), DisableParallelization = true)]
public sealed class DisruptionTests(ApiServerFixture api)
{
    [Fact, Trait("Case", "2")]
    public async Task Watch_HistoryCompactedMeanwhile_DeletionIsSeenOnceByListingAgain()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        await op.Widgets.CreateAsync("kept");
        await op.Widgets.CreateAsync("gone");
        await Eventually.True(() => op.Script.CountOf("gone") > 0 && op.Script.CountOf("kept") > 0);

        op.Proxy.Refuse();
        op.Proxy.ResetConnections();
        await op.Widgets.DeleteAsync("gone");
        await op.Widgets.CreateAsync("new");
        await api.Plane.StopApiServerAsync(TimeSpan.Zero);
        await api.Plane.CompactEtcdAsync();
        await api.Plane.StartApiServerAsync();
        op.Proxy.Resume();

        await Eventually.True(() => op.Script.CountOf("new") > 0, seconds: 20);
        await Eventually.True(() => op.Script.Deleted.Count == 1);
        Assert.Equal("gone", op.Script.Deleted.Single().Name);
        Assert.Equal(1, op.Script.CountOf("kept"));
        Assert.Equal(2, await op.MetricAsync("controller_lists_total", "Widget"));
        Assert.Equal(1, await op.MetricAsync("controller_watch_restarts_total", "Expired"));
    }

    [Fact, Trait("Case", "6")]
    public async Task ApiServer_Restarted_NoStormAndNoLostKey()
    {
        var faults = new FaultHandler();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Handlers = [faults],
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                await self.Writer.PatchStatusAsync(widget, w => w.Status = new() { ObservedSize = w.Spec.Size }, token);
                return Results.Ok(widget);
            },
        });
        for (var i = 0; i < 20; i++)
        {
            await op.Widgets.CreateAsync($"w{i}", 1);
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => op.Widgets.ResizeAsync($"w{i}", 2)));
        await api.Plane.StopApiServerAsync(TimeSpan.Zero);
        var before = faults.Requests.Count;
        var down = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await api.Plane.StartApiServerAsync();
        var seconds = TimeProvider.System.GetElapsedTime(down).TotalSeconds;
        // 20 keys and one watch, each with backoff: far from one request per key and tick.
        Assert.InRange(faults.Requests.Count - before, 0, (int)(20 * 8 + seconds * 20));

        await Eventually.TrueAsync(
            async () =>
            {
                var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => op.Widgets.GetAsync($"w{i}")));
                return all.All(w => w!.Status?.ObservedSize == 2);
            },
            seconds: 30);
    }

    [Fact, Trait("Case", "34")]
    public async Task Churn_WithBrokenConnections_LeavesMemorySocketsAndThreadsFlat()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            WithFinalizer = true,
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                await self.Writer.PatchStatusAsync(widget, w => w.Status = new() { ObservedSize = w.Spec.Size }, token);
                return Results.Ok(widget);
            },
        });
        await ChurnAsync(op, rounds: 4);
        var early = await MeasureAsync(op);
        await ChurnAsync(op, rounds: 16);
        var late = await MeasureAsync(op);

        // Each round makes and drops 10 objects of some 20 kB; anything kept of them would be megabytes by now.
        Assert.True(late.Bytes - early.Bytes < 1_500_000, $"memory grew from {early.Bytes:n0} to {late.Bytes:n0} bytes");
        Assert.True(late.Handles - early.Handles < 15, $"handles grew from {early.Handles} to {late.Handles}");
        Assert.True(late.Threads - early.Threads < 15, $"threads grew from {early.Threads} to {late.Threads}");
        Assert.Empty(op.Cache<Widget>().List());
        Assert.Equal(0, await op.MetricAsync("workqueue_depth"));
    }

    private static async Task ChurnAsync(OperatorUnderTest op, int rounds)
    {
        var ballast = new Dictionary<string, string> { ["ballast"] = new string('x', 60) };
        for (var round = 0; round < rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
            {
                await op.Widgets.CreateAsync($"c{i}", round, ballast);
                await op.Widgets.MergeAsync($"c{i}", new()
                {
                    ["metadata"] = new System.Text.Json.Nodes.JsonObject
                    {
                        ["annotations"] = new System.Text.Json.Nodes.JsonObject { ["ballast"] = new string('y', 20_000) },
                    },
                });
            }));
            if (round % 2 == 1)
            {
                op.Proxy.ResetConnections();
            }

            await Task.WhenAll(Enumerable.Range(0, 10).Select(i => op.Widgets.DeleteAsync($"c{i}")));
            await Eventually.TrueAsync(async () =>
                (await Task.WhenAll(Enumerable.Range(0, 10).Select(i => op.Widgets.GetAsync($"c{i}")))).All(w => w is null), seconds: 20);
            op.Script.Forget();
        }
    }

    private static async Task<(long Bytes, int Handles, int Threads)> MeasureAsync(OperatorUnderTest op)
    {
        await Eventually.True(() => op.Cache<Widget>().List().Count == 0);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        op.Script.Forget();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return (GC.GetTotalMemory(forceFullCollection: true),
            Directory.GetFiles("/proc/self/fd").Length,
            Directory.GetDirectories("/proc/self/task").Length);
    }
}
