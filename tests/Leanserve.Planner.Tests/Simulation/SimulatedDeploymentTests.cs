using System.Globalization;
using Leanserve.Simulation;

namespace Leanserve.Planner.Tests.Simulation;

/// <summary>The planner against a simulation of the engine, over random deployments.</summary>
public sealed class SimulatedDeploymentTests(ITestOutputHelper output)
{
    private const int Seed = 1;
    private const double Tolerance = 0.2;

    [Fact]
    public void Percentiles_OverRandomDeployments_AreWithinAFifthOfTheSimulated()
    {
        var errors = RandomDeployments.FeasiblePlans(Seed).Take(1000).Select((plan, index) => new SimulatedPlan(plan, 8000, index).Errors()).ToList();
        Print("median time to first token", errors.Select(error => error.FirstTokenMedian));
        Print("95th percentile of it", errors.Select(error => error.FirstToken95));
        Print("median time to the answer", errors.Select(error => error.AnswerMedian));
        Print("95th percentile of it", errors.Select(error => error.Answer95));
        Print("worst of the four", errors.Select(error => error.Worst));
        Assert.True(errors.Count(error => error.Worst <= Tolerance) >= 0.9 * errors.Count);
    }

    [Fact]
    public void Regret_OverRandomDeployments_IsSmall()
    {
        var regrets = RandomDeployments.FeasiblePlans(Seed).Take(300).Select((plan, index) => new SimulatedPlan(plan, 8000, index).Regret()).OrderByDescending(regret => regret.Share).ToList();
        var mean = regrets.Average(regret => regret.Share);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"regret: mean {mean:0.00 %}, worst {regrets[0].Share:0.0 %} of {regrets.Count} deployments; the worst three, shares in time of the stated load, bursts, noisy prompts, slow hardware, changed documents:"));
        regrets.Take(3).ToList().ForEach(regret => output.WriteLine(regret.ToString()));
        Assert.InRange(mean, 0, 0.02);
        Assert.InRange(regrets[0].Share, 0, 0.1);
    }

    private void Print(string what, IEnumerable<double> errors)
    {
        var sizes = errors.Select(Math.Abs).Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: within {Tolerance:0 %} for {sizes.Count(size => size <= Tolerance) / (double)sizes.Count:0.0 %}; error median {sizes[sizes.Count / 2]:0.0 %}, 90th percentile {sizes[sizes.Count * 9 / 10]:0.0 %}"));
    }
}
