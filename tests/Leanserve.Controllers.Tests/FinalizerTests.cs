using Leanserve.Controllers.Tests.Support;

namespace Leanserve.Controllers.Tests;

/// <summary>Clean-up that must happen, happens.</summary>
public sealed class FinalizerTests(ApiServerFixture api)
{
    [Fact, Trait("Case", "23")]
    public async Task Finalizer_IsOnTheObjectBeforeTheFirstReconcile()
    {
        var onServer = new List<bool>();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            WithFinalizer = true,
            Script = (script, self) => script.OnReconcile = async (widget, _) =>
            {
                onServer.Add((await self.Widgets.GetAsync(widget.Name))!.Metadata.Finalizers?.Contains(ScriptedFinalizer.Identifier) == true);
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("w");
        await Eventually.True(() => onServer.Count > 0);

        Assert.All(onServer, Assert.True);
    }

    [Fact, Trait("Case", "23")]
    public async Task Finalizer_FailsSomeTimesThenSucceeds_GoesAndLeavesThoseOfOthers()
    {
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            WithFinalizer = true,
            Script = (script, _) => script.OnFinalize = (widget, _) => Task.FromResult(
                script.Finalized.Count <= 3 ? Results.Fail(widget) : Results.Ok(widget)),
        });
        await op.Widgets.CreateAsync("w", finalizers: ["example.com/foreign"]);
        await Eventually.True(() => op.Script.CountOf("w") > 0);
        await op.Widgets.DeleteAsync("w");

        await Eventually.TrueAsync(async () => (await op.Widgets.GetAsync("w"))!.Metadata.Finalizers is ["example.com/foreign"]);
        Assert.Equal(4, op.Script.Finalized.Count);
        Assert.Empty(op.Script.Deleted);

        await op.Widgets.MergeAsync("w", new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["finalizers"] = null } });
        await Eventually.True(() => op.Script.Deleted.Count == 1);
        Assert.Equal(4, op.Script.Finalized.Count);
        Assert.DoesNotContain(op.Script.Reconciled, r => r.Widget.Metadata.DeletionTimestamp is not null);
    }

    [Fact, Trait("Case", "24")]
    public async Task Deletion_WhileTheOperatorIsDown_IsCleanedUpOnRestart()
    {
        var ns = await api.CreateNamespaceAsync();
        await using (var first = await OperatorUnderTest.StartAsync(api, new OperatorSetup { Namespace = ns, WithFinalizer = true }))
        {
            await first.Widgets.CreateAsync("w");
            await Eventually.True(() => first.Script.CountOf("w") > 0);
        }

        await new WidgetClient(api.Admin, ns).DeleteAsync("w");
        await using var second = await OperatorUnderTest.StartAsync(api, new OperatorSetup { Namespace = ns, WithFinalizer = true });

        await Eventually.TrueAsync(async () => await second.Widgets.GetAsync("w") is null);
        Assert.Equal("w", Assert.Single(second.Script.Finalized).Name);
        Assert.Equal(0, second.Script.CountOf("w"));
    }
}
