using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Leanserve.Contracts;

namespace Leanserve.Planner.Tests;

/// <summary>What an infeasible plan says would do, done as it is printed.</summary>
public sealed partial class FeasibleChangeTests
{
    private static readonly Gen<PlanInput> Inputs =
        from input in GeneratedInputs.Any
        from knowledge in Gen.OneOfConst<KnowledgeMode?>(null, null, KnowledgeMode.Cag, KnowledgeMode.Rag)
        select input with { Pins = new() { Knowledge = knowledge } };

    [Fact]
    public void Change_OfEveryKind_MakesThePlanFeasibleAsPrinted()
    {
        var seen = new HashSet<string>();
        Inputs.Sample(
            input =>
            {
                var plan = DeploymentPlanner.Plan(input);
                foreach (var change in plan.FeasibleChanges)
                {
                    lock (seen)
                    {
                        seen.Add(change.Kind);
                    }

                    Assert.True(DeploymentPlanner.ChooseBriefly(Made(input, change)).Feasible, change.Message);
                }
            },
            iter: 3000);
        Assert.Equal(["Decoding", "Documents", "Gpu", "Objectives", "Pins", "Precision", "Replicas", "Traffic"], seen.Order());
    }

    [Fact]
    public void Replicas_WithAFewestOfMoreThanAll_AreNotSearchedBelowIt()
    {
        var busy = Cases.OnL4(qps: 5000) with { Replicas = new() { Min = 90, Max = 95 } };
        Assert.False(DeploymentPlanner.Plan(busy).Feasible);
        var most = Cases.OnL4(qps: 5000) with { Replicas = new() { Min = ReplicaBounds.Largest, Max = ReplicaBounds.Largest } };
        Assert.DoesNotContain(DeploymentPlanner.Plan(most).FeasibleChanges, change => change.Kind == "Replicas");
    }

    private static PlanInput Made(PlanInput input, FeasibleChange change) => change.Kind switch
    {
        "Pins" => input with { Pins = new() },
        "Precision" => input with { Weights = [new WeightVariant(Enum.Parse<WeightPrecision>(change.Message.Split(' ')[0]))] },
        "Replicas" => input with { Replicas = input.Replicas with { Max = (int)Number(change.Message, "maxReplicas of ") } },
        "Objectives" => input with
        {
            Objectives = input.Objectives with { TimeToFirstToken = Time(change.Message, "timeToFirstTokenMilliseconds of "), RequestLatency = Time(change.Message, "requestLatencyMilliseconds of ") },
        },
        "Decoding" => input with { Objectives = input.Objectives with { Exactness = AnswerExactness.PreferExact } },
        "Documents" => input with { Knowledge = input.Knowledge with { Tokens = (long)Number(change.Message, "at most ") } },
        "Traffic" => input with { Traffic = input.Traffic with { QueriesPerSecond = Number(change.Message, "at most ") } },
        "Gpu" => OnGpu(input, GpuName().Match(change.Message).Groups[1].Value),
        _ => throw new ArgumentException($"'{change.Kind}' is no kind that this test knows.", nameof(change)),
    };

    private static PlanInput OnGpu(PlanInput input, string name) => input with
    {
        Node = GpuCatalogue.Find(name)!.ToNode(),
        Prices = input.Prices with { NodeUsdPerHour = null },
        Weights = [.. input.Weights.Select(variant => variant.Precision is WeightPrecision.Float32 ? new WeightVariant(WeightPrecision.Float16) : variant)],
    };

    private static TimeSpan? Time(string message, string before) =>
        message.Contains(before, StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(Number(message, before)) : null;

    private static double Number(string message, string before) =>
        double.Parse(Regex.Match(message, before + @"([\d,]+(\.\d+)?)").Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"node\.gpu: (.+?) \(")]
    private static partial Regex GpuName();
}
