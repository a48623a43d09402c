using Leanserve.Contracts;
using Leanserve.Simulation;

namespace Leanserve.Planner.Tests.Simulation;

/// <summary>The rate with all places taken against a simulation at its edge.</summary>
public sealed class FullRateTests
{
    private const int QueuePlaces = 100;

    // Preparing a request takes 2 s, computing a lone answer 3.3 s.
    private static readonly EngineProfile Profile = EngineProfiles.For(NodeKind.Cpu) with { SecondsPerRequest = 2 };

    private static readonly RequestShape Shape = new() { PromptTokens = 100, OutputTokens = 50 };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public void FullRate_WherePreparationHoldsUpOthers_IsWhereTheQueueBeginsToOverflow(int places)
    {
        var node = CpuNode.Of(8, 32L << 30);
        var cost = new EngineCost(new ForwardCost(Cases.Llama8B, WeightPrecision.Int4, node.BandwidthBytesPerSecond, node.FlopsPerSecond, Profile), Profile, 256);
        var curve = new ServiceCurve(places);
        curve.Fill(cost, Shape, places);
        Assert.InRange(Refused(0.9), 0, 0.001);
        Assert.InRange(Refused(1.1), 0.05, 0.2);

        double Refused(double load)
        {
            var arrivals = Arrivals.Poisson(load * curve.FullRate, 5).Take(20_000);
            return EngineSimulator.Run(new(cost, Shape, places, QueuePlaces), arrivals.Select(seconds => new SimulatedRequest(seconds, 100, 50)), 1000).Refused;
        }
    }
}
