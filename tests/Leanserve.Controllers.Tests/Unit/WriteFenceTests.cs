using Microsoft.Extensions.Time.Testing;

namespace Leanserve.Controllers.Tests.Unit;

public sealed class WriteFenceTests
{
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider time = new();
    private readonly WriteFence fence;

    public WriteFenceTests()
    {
        fence = new WriteFence(time);
    }

    [Fact, Trait("Case", "28")]
    public void Enter_WithoutLeadership_IsRefused()
        => Assert.Throws<NotLeadingException>(() => fence.Enter(CancellationToken.None));

    [Fact, Trait("Case", "28")]
    public void Term_NotRenewed_EndsByTheClockAndCancelsWritesUnderWay()
    {
        var lost = fence.Extend(time.GetTimestamp(), Validity);
        using var write = fence.Enter(CancellationToken.None);

        time.Advance(Validity - TimeSpan.FromMilliseconds(1));
        Assert.False(write.IsCancellationRequested);
        Assert.False(lost.IsCancellationRequested);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(write.IsCancellationRequested);
        Assert.True(lost.IsCancellationRequested);
        Assert.Throws<NotLeadingException>(() => fence.Enter(CancellationToken.None));
    }

    [Fact, Trait("Case", "28")]
    public void Extend_CountsFromBeforeTheRequestNotFromItsAnswer()
    {
        var sent = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(9));
        var lost = fence.Extend(sent, Validity);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(lost.IsCancellationRequested);
    }

    [Fact]
    public void Extend_Renewed_KeepsTheSameTerm()
    {
        var lost = fence.Extend(time.GetTimestamp(), Validity);
        for (var i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(8));
            fence.Extend(time.GetTimestamp(), Validity);
        }

        Assert.False(lost.IsCancellationRequested);
        fence.Close();
        Assert.True(lost.IsCancellationRequested);
    }

    [Fact]
    public void Extend_AfterTheTermEnded_StartsANewOneAndLeavesTheOldLost()
    {
        var first = fence.Extend(time.GetTimestamp(), Validity);
        time.Advance(Validity);
        var second = fence.Extend(time.GetTimestamp(), Validity);

        Assert.True(first.IsCancellationRequested);
        Assert.False(second.IsCancellationRequested);
    }
}
