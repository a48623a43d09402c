namespace Leanserve.Planner.Tests;

public sealed class QueueTailTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(0.5, 0)]
    [InlineData(0.5, 1)]
    [InlineData(0.9, 64)]
    [InlineData(1, 64)]
    [InlineData(1.0000000001, 64)]
    [InlineData(1.5, 64)]
    [InlineData(40, 1000)]
    public void Spread_OverAllStates_SumsUp(double ratio, int places)
    {
        var states = new double[places + 1];
        new QueueTail(ratio, places).Spread(0.25, states);
        Assert.All(states, state => Assert.InRange(state, 0, 0.25));
        Assert.Equal(0.25, states.Sum(), 1e-7);
    }

    [Theory]
    [InlineData(0.5, 3, 0.5 + 0.25 + 0.125 + 0.0625)]
    [InlineData(1, 3, 4)]
    [InlineData(2, 1, 6)]
    public void Mass_OfAllStates_IsThatOfABirthDeathChain(double ratio, int places, double mass) => Assert.Equal(mass, new QueueTail(ratio, places).Mass, 1e-9);
}
