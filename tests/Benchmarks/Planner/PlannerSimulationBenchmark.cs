using System.Globalization;
using System.Runtime.CompilerServices;
using Leanserve.Simulation;

namespace Leanserve.Benchmarks.Planner;

/// <summary>
/// The planner against a discrete-event simulation of the engine over 1,000 random deployments, others than the tests': how many have their percentiles predicted
/// within a fifth (the bar is 90 %), and what the choices cost against the best ones (the bars are 2 % of the score on average, 10 % at worst).
/// </summary>
internal sealed class PlannerSimulationBenchmark : IBenchmark
{
    private const int Deployments = 1000;
    private const int Seed = 2;
    private const double Tolerance = 0.2;

    public string Name => "planner-simulation";

    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var errors = new List<LatencyErrors>();
        var regrets = new List<ChoiceRegret>();
        var bursts = new List<double>();
        foreach (var plan in RandomDeployments.FeasiblePlans(Seed).Take(Deployments))
        {
            cancellationToken.ThrowIfCancellationRequested();
            errors.Add(new SimulatedPlan(plan, 8000, errors.Count).Errors());
            regrets.Add(new SimulatedPlan(plan, 8000, regrets.Count).Regret());
            if (plan.Selected!.Oae!.Scenarios.Burst is > 0 and < 1 && new SimulatedPlan(plan, 8000, bursts.Count).ShareInBursts(plan.Selected) is { } seen && double.IsFinite(seen))
            {
                bursts.Add(plan.Selected.Oae.Scenarios.Burst - seen);
            }

            if (errors.Count % 100 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"planner-simulation: {errors.Count} of {Deployments} deployments"));
            }
        }

        yield return Within("median time to first token within a fifth", errors, error => error.FirstTokenMedian);
        yield return Within("95th percentile of it", errors, error => error.FirstToken95);
        yield return Within("median time to the answer", errors, error => error.AnswerMedian);
        yield return Within("95th percentile of it", errors, error => error.Answer95);
        yield return Within("all four", errors, error => error.Worst);
        foreach (var share in (double[])[0.5, 0.9, 0.99])
        {
            yield return Of($"worst of the four errors, quantile {share}", errors.ConvertAll(error => error.Worst).Order().ElementAt((int)(share * (Deployments - 1))));
        }

        yield return Of("good share in bursts that come and go, predicted minus simulated, mean", bursts.Average());
        regrets.Sort((one, other) => one.Share.CompareTo(other.Share));
        Console.WriteLine($"planner-simulation: the worst choice, with shares in time of the stated load, bursts, noisy prompts, slow hardware, changed documents: {regrets[^1]}");
        yield return Of("regret of the choice, mean (bar 2)", regrets.Average(regret => regret.Share));
        yield return Of("regret of the choice, 99th percentile", regrets[(int)(0.99 * (Deployments - 1))].Share);
        yield return Of("regret of the choice, worst (bar 10)", regrets[^1].Share);
        await Task.CompletedTask;
    }

    private static Figure Within(string name, List<LatencyErrors> errors, Func<LatencyErrors, double> error) =>
        Of(name, errors.Count(each => Math.Abs(error(each)) <= Tolerance) / (double)errors.Count);

    private static Figure Of(string name, double share) => new(name, 100 * share, "%", null, null, Hardware.Describe());
}
