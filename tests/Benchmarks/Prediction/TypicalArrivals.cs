using Leanserve.Contracts;
using Leanserve.Planner;
using Leanserve.Simulation;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>
/// Poisson arrivals for a run too short for chance to even out: of many draws, that under which a simulation of the engine has the medians most like those of a long run.
/// </summary>
internal sealed class TypicalArrivals(ServedStrategy strategy, DeploymentPlan plan)
{
    private const int Draws = 200;
    private const int LongRun = 20_000;

    /// <summary>Times in seconds, <paramref name="uncounted"/> before those of which the medians are typical.</summary>
    public IReadOnlyList<double> Find(int requests, int uncounted, int seed)
    {
        var candidate = strategy.In(plan);
        var simulated = new SimulatedPlan(plan, LongRun, seed);
        var usual = simulated.Nominal(candidate);
        return Enumerable.Range(seed * Draws, Draws)
            .Select(draw => Arrivals.Poisson(plan.Input.Traffic.QueriesPerSecond, draw).Take(uncounted + requests).ToList())
            .MinBy(arrivals => Distance(simulated.Under(candidate, arrivals, uncounted), usual))!;
    }

    // Of a search, only the answer is seen.
    private double Distance(SimulatedLatencies seen, SimulatedLatencies usual)
    {
        return strategy.Decoding is DecodingMode.BeamSearch
            ? Ratio(latencies => latencies.AnswerQuantile(0.5))
            : Ratio(latencies => latencies.FirstTokenQuantile(0.5)) + Ratio(latencies => latencies.AnswerQuantile(0.5) - latencies.FirstTokenQuantile(0.5));

        double Ratio(Func<SimulatedLatencies, double> median) => Math.Abs(Math.Log(median(seen) / median(usual)));
    }
}
