using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Leanserve.Controllers.Tests.Support;

namespace Leanserve.Controllers.Tests;

/// <summary>What reconciles write, and what comes back of it.</summary>
public sealed class WriteTests(ApiServerFixture api)
{
    [Fact, Trait("Case", "20")]
    public async Task StatusWrite_OfOurOwn_TriggersNoLoop()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                var runs = script.CountOf("w");
                await self.Writer.PatchStatusAsync(widget, w => w.Status = new() { ObservedSize = w.Spec.Size, Note = $"run {runs}" }, token);
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("w", 7);
        await Eventually.TrueAsync(async () => (await op.Widgets.GetAsync("w"))!.Status?.ObservedSize == 7);
        await Task.Delay(500, TestContext.Current.CancellationToken);

        Assert.Equal(1, op.Script.CountOf("w"));
    }

    [Fact, Trait("Case", "20")]
    public async Task StatusWrite_ThatChangesNothing_SendsNothing()
    {
        var faults = new FaultHandler();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup { Handlers = [faults] });
        await op.Widgets.CreateAsync("w");
        var first = await op.Writer.PatchStatusAsync((await op.Widgets.GetAsync("w"))!, w => w.Status = new() { Note = "x" }, CancellationToken.None);
        var second = await op.Writer.PatchStatusAsync(first!, w => w.Status = new() { Note = "x" }, CancellationToken.None);

        Assert.Same(first, second);
        Assert.Single(faults.Requests, r => r.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact, Trait("Case", "21")]
    public async Task OwnedChild_EditedOrDeleted_IsRepaired()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Controller = c => c.Owns<V1ConfigMap>(),
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                await self.Writer.ApplyAsync(Child(widget), token);
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("w", 3);
        var ns = op.Widgets.Namespace;
        await Eventually.TrueAsync(async () => await SizeInChildAsync(ns) == "3");

        await api.Admin.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"data":{"size":"9","foreign":"kept"}}""", V1Patch.PatchType.MergePatch), "w-child", ns);
        await Eventually.TrueAsync(async () => await SizeInChildAsync(ns) == "3");
        var repaired = await api.Admin.CoreV1.ReadNamespacedConfigMapAsync("w-child", ns);
        Assert.Equal("kept", repaired.Data["foreign"]);

        await api.Admin.CoreV1.DeleteNamespacedConfigMapAsync("w-child", ns);
        await Eventually.TrueAsync(async () => await SizeInChildAsync(ns) == "3");

        // Applying what is there already changes nothing, so it wakes nobody.
        var runs = op.Script.CountOf("w");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.InRange(op.Script.CountOf("w"), runs, runs + 1);
    }

    [Fact, Trait("Case", "21")]
    public async Task MappedWatch_OtherObjectChanges_WakesWhomTheMapNames()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Controller = c => c.Watches<V1ConfigMap>(
                (map, widgets) => widgets.List(map.Metadata.NamespaceProperty).Where(w => map.Data?.ContainsKey(w.Name) == true).Select(EntityKey.Of)),
        });
        await op.Widgets.CreateAsync("a");
        await op.Widgets.CreateAsync("b");
        await Eventually.True(() => op.Script.CountOf("a") == 1 && op.Script.CountOf("b") == 1);

        await api.Admin.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "m" }, Data = new Dictionary<string, string> { ["a"] = "1" } }, op.Widgets.Namespace);
        await Eventually.True(() => op.Script.CountOf("a") == 2);
        // Both whom it named before and whom it names now.
        await api.Admin.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"data":{"a":null,"b":"1"}}""", V1Patch.PatchType.MergePatch), "m", op.Widgets.Namespace);
        await Eventually.True(() => op.Script.CountOf("a") == 3 && op.Script.CountOf("b") == 2);
    }

    [Fact, Trait("Case", "22")]
    public async Task Cache_BehindOurOwnWrite_LeadsToNoSecondChild()
    {
        var faults = new FaultHandler();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Handlers = [faults],
            Controller = c => c.Owns<V1ConfigMap>(),
            Settings = s => s.Watch.Reconnect.BaseDelay = TimeSpan.FromMilliseconds(800),
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                if (self.Cache<V1ConfigMap>().ListOwnedBy(widget.Metadata.Uid).Count == 0)
                {
                    // The cache cannot see the child before the watch is back, and the next reconcile is due at once.
                    self.Proxy.ResetConnections();
                    var child = Child(widget);
                    child.Metadata.Name = $"child-{Guid.NewGuid():n}";
                    await self.Writer.CreateAsync(child, token);
                }

                return Results.Ok(widget, TimeSpan.FromMilliseconds(10));
            },
        });
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => op.Script.CountOf("w") >= 4);

        Assert.Single((await api.Admin.CoreV1.ListNamespacedConfigMapAsync(op.Widgets.Namespace)).Items, c => c.Metadata.Name != "kube-root-ca.crt");
    }

    [Fact, Trait("Case", "25")]
    public async Task StatusWrite_OnAStaleCopy_IsRepeatedOnAFreshReadAndKeepsUnknownFields()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        await op.Widgets.CreateAsync("w", 1);
        var stale = (await op.Widgets.GetAsync("w"))!;
        await op.Widgets.MergeStatusAsync("w", new JsonObject { ["note"] = "theirs", ["unknown"] = new JsonObject { ["deep"] = 1 } });
        await op.Widgets.MergeAsync("w", new JsonObject { ["spec"] = new JsonObject { ["unknownSpec"] = "kept" } });

        var runs = 0;
        var patched = await op.Writer.PatchStatusAsync(
            stale,
            w =>
            {
                runs++;
                w.Status ??= new();
                w.Status.ObservedSize = 1;
            },
            CancellationToken.None);

        Assert.Equal(2, runs);
        Assert.Equal(("theirs", 1), (patched!.Status!.Note, patched.Status.ObservedSize));
        var live = (await op.Widgets.GetJsonAsync("w"))!;
        Assert.Equal(1, live["status"]!["unknown"]!["deep"]!.GetValue<int>());
        Assert.Equal("kept", live["spec"]!["unknownSpec"]!.GetValue<string>());
    }

    [Fact, Trait("Case", "25")]
    public async Task Patch_OfAnObjectThatWasRecreated_IsNotSent()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        var old = await op.Widgets.CreateAsync("w");
        await op.Widgets.DeleteAsync("w");
        await op.Widgets.CreateAsync("w");

        Assert.Null(await op.Writer.PatchStatusAsync(old, w => w.Status = new() { Note = "late" }, CancellationToken.None));
        Assert.False(await op.Writer.DeleteAsync(old, CancellationToken.None));
        Assert.Null((await op.Widgets.GetAsync("w"))!.Status);
    }

    [Fact, Trait("Case", "26")]
    public async Task Write_AnsweredWith429_WaitsAsRetryAfterAsks()
    {
        var faults = new FaultHandler();
        var refusals = 2;
        faults.Intercept = request =>
        {
            if (request.Method != HttpMethod.Patch || Interlocked.Decrement(ref refusals) < 0)
            {
                return Task.FromResult<HttpResponseMessage?>(null);
            }

            var refusal = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("{}") };
            refusal.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(1));
            return Task.FromResult<HttpResponseMessage?>(refusal);
        };
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup { Handlers = [faults] });
        await op.Widgets.CreateAsync("w");
        var started = TimeProvider.System.GetTimestamp();
        var patched = await op.Writer.PatchStatusAsync((await op.Widgets.GetAsync("w"))!, w => w.Status = new() { Note = "x" }, CancellationToken.None);

        Assert.Equal("x", patched!.Status!.Note);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1.99, 10);
        Assert.Equal(2, await op.MetricAsync("controller_request_retries_total", "429"));
    }

    [Fact, Trait("Case", "31")]
    public async Task Events_InAFlood_AreCountedOnFewObjects()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        var widget = await op.Widgets.CreateAsync("w");
        var publish = op.Service<EventPublisher>();
        for (var i = 0; i < 15; i++)
        {
            await publish(widget, "Planned", "The same again.");
        }

        for (var i = 0; i < 200; i++)
        {
            await publish(widget, "Failed", $"Another {i}.", EventType.Warning);
        }

        await Eventually.TrueAsync(async () => await op.MetricAsync("controller_events_dropped_total", "limit") == 215 - 25);
        var events = (await api.Admin.CoreV1.ListNamespacedEventAsync(op.Widgets.Namespace)).Items;
        var planned = Assert.Single(events, e => e.Reason == "Planned");
        Assert.Equal((15, "Normal", "w"), (planned.Count, planned.Type, planned.InvolvedObject.Name));
        Assert.Equal(10, events.Count(e => e.Reason == "Failed" && e.Type == "Warning"));
    }

    [Fact, Trait("Case", "31")]
    public async Task Events_ThatCannotBeWritten_FailNoReconcile()
    {
        var faults = new FaultHandler
        {
            Intercept = request => Task.FromResult(request.RequestUri!.AbsolutePath.Contains("/events", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("no") }
                : null),
        };
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Handlers = [faults],
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                await self.Service<EventPublisher>()(widget, "Seen", "Seen.", cancellationToken: token);
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("w");

        await Eventually.TrueAsync(async () => await op.MetricAsync("controller_events_dropped_total", "refused") == 1);
        Assert.Equal(1, op.Script.CountOf("w"));
        Assert.Equal(1, await op.MetricAsync("controller_runtime_reconcile_total", "result=\"success\""));
    }

    [Fact]
    public async Task Discovery_OfKinds_SaysWhatThisServerServes()
    {
        await using var op = await OperatorUnderTest.StartAsync(api);
        var discovery = op.Service<IApiDiscovery>();
        Assert.True(await discovery.IsServedAsync("policy", "v1beta1", "PodDisruptionBudget"));
        Assert.Equal(api.Plane.KubernetesVersion >= new Version(1, 21), await discovery.IsServedAsync("policy", "v1", "PodDisruptionBudget"));
        Assert.False((await discovery.FindAsync("", "v1", "Node"))!.Namespaced);
        Assert.True((await discovery.FindAsync("test.leanserve.io", "v1", "Widget"))!.Namespaced);
        Assert.False(await discovery.IsServedAsync("nobody.example.com", "v1", "Thing"));
    }

    private async Task<string?> SizeInChildAsync(string ns)
    {
        var children = await api.Admin.CoreV1.ListNamespacedConfigMapAsync(ns, fieldSelector: "metadata.name=w-child");
        return children.Items.SingleOrDefault()?.Data?["size"];
    }

    private static V1ConfigMap Child(Widget owner) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"{owner.Name}-child",
            NamespaceProperty = owner.Metadata.NamespaceProperty,
            OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = owner.ApiVersion, Kind = owner.Kind, Name = owner.Name, Uid = owner.Metadata.Uid, Controller = true,
                },
            ],
        },
        Data = new Dictionary<string, string> { ["size"] = $"{owner.Spec.Size}" },
    };
}
