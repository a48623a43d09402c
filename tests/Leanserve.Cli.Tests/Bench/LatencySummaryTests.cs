using CsCheck;
using Leanserve.Cli.Bench;

namespace Leanserve.Cli.Tests.Bench;

public sealed class LatencySummaryTests
{
    [Fact]
    public void Of_OneToHundred_TakesTheNearestRank()
    {
        var summary = LatencySummary.Of(Enumerable.Range(1, 100).Reverse().Select(i => TimeSpan.FromMilliseconds(i)));

        Assert.Equal(new LatencySummary(50.5, 50, 90, 95, 99, 100), summary);
    }

    [Fact]
    public void Of_Nothing_IsNull() => Assert.Null(LatencySummary.Of([]));

    [Fact]
    public void Of_AnySpans_IsOrdered() => Gen.Int[0, 100_000].Array[1, 50].Sample(values =>
    {
        var summary = LatencySummary.Of(values.Select(value => TimeSpan.FromMilliseconds(value)))!;

        Assert.True(summary.P50 <= summary.P90 && summary.P90 <= summary.P95 && summary.P95 <= summary.P99 && summary.P99 <= summary.Max);
        Assert.Equal(values.Max(), summary.Max);
    });
}
