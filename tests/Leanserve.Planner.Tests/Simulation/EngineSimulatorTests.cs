using Leanserve.Contracts;
using Leanserve.Simulation;

namespace Leanserve.Planner.Tests.Simulation;

/// <summary>The judge itself: where a load has a known answer, the simulation gives it.</summary>
public sealed class EngineSimulatorTests
{
    private static readonly RequestShape Shape = new() { PromptTokens = 600, OutputTokens = 50, SharedTokens = 1000 };

    private static readonly EngineCost Cost = new(
        new ForwardCost(Cases.Llama8B, WeightPrecision.Int4, 300e9, 121e12, EngineProfiles.For(NodeKind.Gpu)), EngineProfiles.For(NodeKind.Gpu), 256);

    [Fact]
    public void Answer_OfALoneRequest_TakesItsStepsOneAfterTheOther()
    {
        // 256, 256 and 88 tokens of prompt; the last of these steps draws the first token.
        var prompt = Cost.Model.PrefillSeconds(600, 1000, 256);
        var steps = Enumerable.Range(0, 49).Sum(step => Cost.StepSeconds(Shape, new StepWork(1, 600 + step)));
        var before = Cost.Profile.SecondsPerRequest;
        var seen = EngineSimulator.Run(Replica(4, 0), [new(7, 600, 50)]);
        Assert.Equal(before + prompt, seen.FirstTokenQuantile(0.5), 1e-9);
        Assert.Equal(before + prompt + steps, seen.AnswerQuantile(0.5), 1e-9);
    }

    [Fact]
    public void Prompts_OfTwoThatArriveTogether_ShareEachChunk()
    {
        var alone = EngineSimulator.Run(Replica(4, 0), [new(1, 128, 1)]).FirstTokenQuantile(1);
        var together = EngineSimulator.Run(Replica(4, 0), [new(1, 256, 1), new(1, 256, 1)]);
        // Two steps with 128 tokens of each; the slots of the first make the second a little longer.
        Assert.Equal(together.FirstTokenQuantile(0), together.FirstTokenQuantile(1), 1e-12);
        var step = Cost.Model.PrefillSeconds(256, 1000, 256) - Cost.Profile.SecondsPerSequence - Cost.Profile.SecondsPerRow;
        Assert.InRange(together.FirstTokenQuantile(1) - Cost.Profile.SecondsPerRequest, 2 * step, 2.1 * step);
        Assert.True(alone < together.FirstTokenQuantile(1));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.9)]
    public void MeanAnswer_WithOnePlace_IsTheClosedFormOfConstantService(double load)
    {
        var service = EngineSimulator.Run(Replica(1, 0), [new(0, 600, 50)]).MeanAnswerSeconds - Cost.Profile.SecondsPerRequest;
        var seen = EngineSimulator.Run(Replica(1, int.MaxValue - 8), Requests(Arrivals.Poisson(load / service, 5), 200_000), 1000);
        var expected = service + (load * service / (2 * (1 - load))) + Cost.Profile.SecondsPerRequest;
        Assert.InRange(seen.MeanAnswerSeconds, 0.97 * expected, 1.03 * expected);
        Assert.InRange(seen.Busy, load - 0.01, load + 0.01);
        Assert.Equal(0, seen.Refused, 1e-12);
    }

    [Fact]
    public void Refused_PastCapacity_IsWhatDoesNotFit()
    {
        var service = EngineSimulator.Run(Replica(1, 0), [new(0, 600, 50)]).MeanAnswerSeconds - Cost.Profile.SecondsPerRequest;
        var seen = EngineSimulator.Run(Replica(1, 20), Requests(Arrivals.Poisson(2 / service, 5), 50_000), 1000);
        Assert.InRange(seen.Refused, 0.49, 0.51);
        Assert.InRange(seen.Busy, 0.999, 1);
    }

    [Fact]
    public void MeanInService_UnderAnyLoad_FollowsLittlesLaw()
    {
        var rate = 0.8;
        var seen = EngineSimulator.Run(Replica(64, 64), Requests(Arrivals.Poisson(rate, 5), 20_000));
        Assert.Equal(0, seen.Refused, 1e-12);
        // An answer spends its time in service, but for the host's part before and the rest of the step in which it arrives.
        Assert.InRange(seen.MeanInService / (rate * seen.MeanAnswerSeconds), 0.95, 1.02);
    }

    [Fact]
    public void Latencies_OfTheSameSeed_AreTheSame()
    {
        SimulatedLatencies Seen(int seed) => EngineSimulator.Run(Replica(8, 64), Requests(Arrivals.Poisson(3, seed), 500));
        Assert.Equal(Seen(5).AnswerQuantile(0.9), Seen(5).AnswerQuantile(0.9));
        Assert.NotEqual(Seen(5).AnswerQuantile(0.9), Seen(6).AnswerQuantile(0.9));
    }

    [Fact]
    public void Bursts_OfAModulatedProcess_HaveTheStatedRates()
    {
        var arrivals = Arrivals.Bursty(10, 4, 0.1, 20, 5).Take(200_000).ToList();
        Assert.InRange(arrivals.Count / arrivals[^1].Seconds, 9, 11);
        Assert.InRange(arrivals.Count(arrival => arrival.InBurst) / (double)arrivals.Count, 0.35, 0.45);
    }

    private static SimulatedReplica Replica(int places, int queue) => new(Cost, Shape, places, queue);

    private static IEnumerable<SimulatedRequest> Requests(IEnumerable<double> arrivals, int count) => arrivals.Take(count).Select(seconds => new SimulatedRequest(seconds, 600, 50));
}
