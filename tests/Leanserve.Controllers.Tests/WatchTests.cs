using Leanserve.Controllers.Tests.Support;

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
}
