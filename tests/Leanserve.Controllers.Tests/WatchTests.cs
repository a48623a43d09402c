using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Leanserve.Controllers.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Leanserve.Controllers.Tests;

/// <summary>The cache stays true whatever happens to the connection.</summary>
public sealed class WatchTests(ApiServerFixture api)
{
    [Fact, Trait("Case", "1")]
    public async Task Watch_ResetWhileAnObjectIsDeleted_DeletionIsSeenOnce()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        await op.Widgets.CreateAsync("kept");
        await op.Widgets.CreateAsync("gone");
        await Eventually.True(() => op.Script.CountOf("gone") > 0 && op.Script.CountOf("kept") > 0);

        op.Proxy.Refuse();
        op.Proxy.ResetConnections();
        await op.Widgets.DeleteAsync("gone");
        op.Proxy.Resume();

        await Eventually.True(() => !op.Script.Deleted.IsEmpty);
        await op.Widgets.CreateAsync("later");
        await Eventually.True(() => op.Script.CountOf("later") > 0);
        Assert.Equal("gone", Assert.Single(op.Script.Deleted).Name);
        Assert.Null(op.Cache<Widget>().Get(op.Widgets.Namespace, "gone"));
        Assert.Equal(1, op.Script.CountOf("kept"));
    }

    [Theory, Trait("Case", "2")]
    [InlineData(HttpStatusCode.Gone, """{"kind":"Status","status":"Failure","reason":"Expired","code":410}""")]
    [InlineData(HttpStatusCode.OK, """{"type":"ERROR","object":{"kind":"Status","status":"Failure","reason":"Expired","code":410}}""")]
    public async Task Watch_AnsweredWith410AsStatusOrInTheStream_ListsAgain(HttpStatusCode status, string body)
    {
        var faults = new FaultHandler();
        var refusals = 1;
        faults.Intercept = request => Task.FromResult(
            request.RequestUri!.Query.Contains("watch=true", StringComparison.Ordinal) && Interlocked.Decrement(ref refusals) >= 0
                ? new HttpResponseMessage(status) { Content = new StringContent(body + "\n") }
                : null);
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup { Handlers = [faults] });
        await op.Widgets.CreateAsync("w");

        await Eventually.True(() => op.Script.CountOf("w") > 0);
        Assert.Equal(2, await op.MetricAsync("controller_lists_total", "Widget"));
        Assert.Equal(1, await op.MetricAsync("controller_watch_restarts_total", "Expired"));
        Assert.Equal(1, await op.MetricAsync("controller_cached_objects", "Widget"));
    }

    [Fact, Trait("Case", "3")]
    public async Task Watch_ObjectDeletedAndRecreatedWhileDisconnected_BothUidsAreHandled()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        var first = await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") > 0);

        op.Proxy.Refuse();
        op.Proxy.ResetConnections();
        await op.Widgets.DeleteAsync("w");
        var second = await op.Widgets.CreateAsync("w");
        op.Proxy.Resume();

        await Eventually.True(() => op.Script.LastOf("w")!.Metadata.Uid == second.Metadata.Uid);
        Assert.Equal(first.Metadata.Uid, Assert.Single(op.Script.Deleted).Metadata.Uid);
    }

    [Fact, Trait("Case", "4")]
    public async Task Watch_UpdatesWhileDisconnected_LastStateIsReconciled()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        await op.Widgets.CreateAsync("w", 1);
        await Eventually.True(() => op.Script.CountOf("w") > 0);

        op.Proxy.Refuse();
        op.Proxy.ResetConnections();
        for (var size = 2; size <= 5; size++)
        {
            await op.Widgets.ResizeAsync("w", size);
        }

        op.Proxy.Resume();
        await Eventually.True(() => op.Script.LastOf("w")!.Spec.Size == 5);
    }

    [Fact, Trait("Case", "5")]
    public async Task Watch_HalfOpenConnection_RecoversWithinThePingBound()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Client = server =>
            {
                var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(api.Plane.KubeconfigPath);
                configuration.Host = server.ToString();
                configuration.FirstMessageHandlerSetup = handler =>
                {
                    handler.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
                    handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
                };
                return KubernetesConnection.Create(configuration);
            },
        });
        op.Proxy.SilenceConnections();
        await op.Widgets.CreateAsync("w");

        await Eventually.True(() => op.Script.CountOf("w") > 0, seconds: 8);
    }

    [Fact, Trait("Case", "5")]
    public async Task Watch_SilentStreamOnALiveConnection_IsReopenedByTheWatchdog()
    {
        var faults = new FaultHandler();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Handlers = [faults],
            Settings = s => s.Watch.StallTimeout = TimeSpan.FromSeconds(1),
        });
        var before = faults.Watches.Count;

        await Eventually.True(() => faults.Watches.Count > before + 1, seconds: 6);
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") > 0);
        Assert.Equal(1, await op.MetricAsync("controller_lists_total", "Widget"));
    }

    [Fact, Trait("Case", "7")]
    public async Task Watch_ClosedAtOnceEveryTime_ReconnectsAtABoundedRateAndRecovers()
    {
        var faults = new FaultHandler();
        var closing = true;
        faults.Intercept = request => Task.FromResult(
            closing && request.RequestUri!.Query.Contains("watch=true", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) }
                : null);
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup { Handlers = [faults] });

        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        // 50, 100, 200, 400, 800 ms, then every second, each up to a quarter shorter.
        Assert.InRange(faults.Watches.Count, 3, 9);
        Assert.Equal(1, await op.MetricAsync("controller_lists_total", "Widget"));

        closing = false;
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") > 0);
    }

    [Fact, Trait("Case", "8")]
    public async Task Watch_CrdInstalledAfterTheStart_IsPickedUp()
    {
        var record = new RecordingController<Gadget>.Record();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            WaitUntilReady = false,
            Register = builder =>
            {
                builder.Services.AddSingleton(record);
                builder.AddController<RecordingController<Gadget>, Gadget>();
            },
        });
        await Eventually.TrueAsync(async () => await op.MetricAsync("controller_watch_restarts_total", "Refused") > 0);
        Assert.Contains("Gadget", op.Health.ReadinessFailure);

        await TestCrds.InstallAsync<Gadget>(api.Admin, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => api.IsServedAsync<Gadget>());
        await api.Admin.CustomObjects.CreateNamespacedCustomObjectAsync(
            new Gadget { Metadata = new V1ObjectMeta { Name = "g" } }, "late.leanserve.io", "v1", op.Widgets.Namespace, "gadgets");

        await Eventually.True(() => record.Names.Contains("g"));
        Assert.Null(op.Health.ReadinessFailure);
    }

    [Fact, Trait("Case", "9")]
    public async Task Reconcile_BeforeEveryCacheIsSynced_DoesNotHappen()
    {
        var faults = new FaultHandler();
        var release = new TaskCompletionSource();
        faults.Intercept = async request =>
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/configmaps", StringComparison.Ordinal))
            {
                await release.Task;
            }

            return null;
        };
        var ns = await api.CreateNamespaceAsync();
        await new WidgetClient(api.Admin, ns).CreateAsync("w");
        await api.Admin.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "child" } }, ns);
        var seen = new List<bool>();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Namespace = ns,
            Handlers = [faults],
            WaitUntilReady = false,
            Controller = c => c.Owns<V1ConfigMap>(),
            Script = (script, self) => script.OnReconcile = (widget, _) =>
            {
                seen.Add(self.Cache<V1ConfigMap>().Get(ns, "child") is not null);
                return Task.FromResult(Results.Ok(widget));
            },
        });
        await Eventually.True(() => op.Cache<Widget>().Get(ns, "w") is not null);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Empty(seen);
        Assert.Contains("ConfigMap", op.Health.ReadinessFailure);

        release.SetResult();
        await Eventually.True(() => seen.Count > 0);
        Assert.All(seen, Assert.True);
    }

    [Fact, Trait("Case", "10")]
    public async Task List_ManyPagesAndTheContinueTokenExpires_IsStillComplete()
    {
        const int count = 520;
        var ns = await api.CreateNamespaceAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) =>
            await api.Admin.CoreV1.CreateNamespacedConfigMapAsync(
                new V1ConfigMap { Metadata = new V1ObjectMeta { Name = $"c{i}" } }, ns, cancellationToken: token));
        var faults = new FaultHandler();
        faults.Intercept = async request =>
        {
            if (request.RequestUri!.Query.Contains("continue=", StringComparison.Ordinal))
            {
                await api.Admin.CoreV1.PatchNamespacedConfigMapAsync(
                    new V1Patch("""{"data":{"moved":"on"}}""", V1Patch.PatchType.MergePatch), "c0", ns);
                await api.Plane.CompactEtcdAsync();
            }

            return null;
        };
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Namespace = ns,
            Handlers = [faults],
            Settings = s => s.Watch.PageSize = 100,
            Controller = c => c.Owns<V1ConfigMap>(),
        });

        Assert.Equal(count, op.Cache<V1ConfigMap>().List(ns).Count);
        Assert.Contains(faults.Requests, r => r.Contains("continue=", StringComparison.Ordinal));
        Assert.Contains(faults.Requests, r => r.Contains("configmaps?limit=0", StringComparison.Ordinal));
    }

    [Fact, Trait("Case", "11")]
    public async Task Watch_OnlyBookmarksThenAReset_ResumesWithoutListing()
    {
        var faults = new FaultHandler();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Handlers = [faults],
            Settings = s => s.Watch.Timeout = TimeSpan.FromSeconds(4),
        });
        var elsewhere = new WidgetClient(api.Admin, await api.CreateNamespaceAsync());
        var other = await elsewhere.CreateAsync("other");

        // The API server sends a bookmark two seconds before the watch's time is up.
        await Eventually.True(() => LastWatched(faults) >= long.Parse(other.Metadata.ResourceVersion), seconds: 15);
        op.Proxy.ResetConnections();
        await op.Widgets.CreateAsync("w");

        await Eventually.True(() => op.Script.CountOf("w") > 0);
        Assert.Equal(1, await op.MetricAsync("controller_lists_total", "Widget"));
        Assert.Single(op.Script.Reconciled);
    }

    [Fact, Trait("Case", "32")]
    public async Task Watch_LabelLeavesTheSelector_CountsAsDeleted()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup { Controller = c => c.WithLabelSelector("tier=gold") });
        await op.Widgets.CreateAsync("w", labels: new Dictionary<string, string> { ["tier"] = "gold" });
        await op.Widgets.CreateAsync("never");
        await Eventually.True(() => op.Script.CountOf("w") == 1);

        await op.Widgets.LabelAsync("w", "tier", null);
        await Eventually.True(() => op.Script.Deleted.Count == 1);
        await op.Widgets.LabelAsync("w", "tier", "gold");
        await Eventually.True(() => op.Script.CountOf("w") == 2);
        Assert.Equal(0, op.Script.CountOf("never"));
    }

    [Fact]
    public async Task Watch_ObjectThatDoesNotFitTheType_IsPassedOverAndHoldsUpNobody()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        await op.Widgets.CreateAsync("bad");
        await op.Widgets.MergeAsync("bad", new JsonObject { ["spec"] = new JsonObject { ["size"] = "huge" } });
        await op.Widgets.CreateAsync("good");

        await Eventually.True(() => op.Script.CountOf("good") > 0);
        op.Proxy.ResetConnections();
        await op.Widgets.CreateAsync("later");
        await Eventually.True(() => op.Script.CountOf("later") > 0);
    }

    private static long LastWatched(FaultHandler faults)
    {
        var watch = faults.Watches.LastOrDefault(w => w.Contains("/widgets", StringComparison.Ordinal));
        return watch is null ? 0 : long.Parse(System.Web.HttpUtility.ParseQueryString(watch[watch.IndexOf('?')..])["resourceVersion"]!);
    }
}
