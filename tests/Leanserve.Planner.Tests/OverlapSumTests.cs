namespace Leanserve.Planner.Tests;

public sealed class OverlapSumTests
{
    // Few parts are the hard case: the closed forms are differences of nearly equal numbers.
    public static TheoryData<double> Means => [0, 1e-300, 1e-12, 1e-6, 1e-4, 9.999e-4, 1.0001e-3, 0.01, 0.1, 1, 5, 20];

    [Theory]
    [MemberData(nameof(Means))]
    public void AnyWithin_OfMore_RisesFromNoneToAll(double mean)
    {
        var sum = new OverlapSum(mean);
        var before = sum.AnyWithin(-0.001);
        Assert.Equal(0, before);
        for (var most = 0.0; most < 10 + (5 * mean); most += 0.01)
        {
            var share = sum.AnyWithin(most);
            Assert.InRange(share, before, 1);
            before = share;
        }

        Assert.Equal(1, sum.AnyWithin(100 * (1 + mean)), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Means))]
    public void AnyWithin_OnAverage_IsHalfAPartEach(double mean)
    {
        var sum = new OverlapSum(mean);
        const double stride = 1e-3;
        var average = 0.0;
        for (var most = stride / 2; most < 40 * (1 + mean); most += stride)
        {
            average += (1 - sum.AnyWithin(most)) * stride;
        }

        Assert.Equal((1 + mean) / 2, average, 1e-3 * (1 + mean));
    }

    [Theory]
    [MemberData(nameof(Means))]
    public void None_AndAny_AreAll(double mean) => Assert.Equal(1 / (1 + mean), new OverlapSum(mean).None, 1e-12);
}
