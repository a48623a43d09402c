using System.Text.Json.Nodes;
using k8s;
using Leanserve.Planner;
using Leanserve.Translation.Reporting;
using Leanserve.Translation.Validation;

namespace Leanserve.Translation.Tests.Reporting;

public sealed class StatusWriterTests
{
    public static TheoryData<string> Samples => [.. SamplePlans.Names];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Write_AnyPlan_KeepsTheSchema(string name)
    {
        var (deployment, plan) = SamplePlans.Of(name);

        StatusWriter.Write(deployment.Status, deployment.Spec, plan);

        Assert.Empty(SchemaValidator.Validate(JsonNode.Parse(KubernetesJson.Serialize(deployment)), DeploymentSchema.Root).Violations);
        Assert.Equal(plan.Candidates.Take(32).Select(candidate => candidate.Name), deployment.Status.Candidates!.Select(candidate => candidate.Name));
    }

    [Fact]
    public void Write_FeasiblePlan_SaysWhatWasChosenAndWhatItCosts()
    {
        var (deployment, plan) = SamplePlans.Of("quickstart");

        StatusWriter.Write(deployment.Status, deployment.Spec, plan);

        var status = deployment.Status;
        Assert.Equal("reader Float32", status.Model);
        Assert.Equal("Dense/Sampling/Float32", status.Strategy!.Summary);
        Assert.Equal(plan.Selected!.Memory.TotalBytes, status.Plan!.Memory!.TotalBytes);
        Assert.Equal(plan.Selected.Limits!.KvSlots, status.Plan.KvSlots);
        Assert.InRange(double.Parse(status.Oae!.Score, System.Globalization.CultureInfo.InvariantCulture), 1e-9, 1);
        Assert.Null(status.NearestFeasibleChange);
    }

    [Fact]
    public void Write_AssumedPrice_IsTold()
    {
        var (deployment, plan) = SamplePlans.Of("gpu-plan");
        var unpriced = DeploymentPlanner.Plan(plan.Input with { Node = GpuCatalogue.Find("A30")!.ToNode(), Prices = new() });

        StatusWriter.Write(deployment.Status, deployment.Spec, unpriced);

        Assert.EndsWith("state cost.gpuHourly.", Assert.Single(deployment.Status.Answers!, answer => answer.StartsWith("Note: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(PlanJson.Of("gpu-plan", unpriced, [], [])["notes"]!.AsArray());
    }

    [Fact]
    public void Write_InfeasibleAfterFeasible_LeavesNothingOfTheOldChoice()
    {
        var (deployment, feasible) = SamplePlans.Of("quickstart");
        var (impossible, infeasible) = SamplePlans.Of("infeasible");
        StatusWriter.Write(deployment.Status, deployment.Spec, feasible);

        StatusWriter.Write(deployment.Status, impossible.Spec, infeasible);

        Assert.Equal("70.6B Float16", deployment.Status.Model);
        Assert.Null(deployment.Status.Strategy);
        Assert.Null(deployment.Status.Plan);
        Assert.Null(deployment.Status.Oae);
        Assert.NotEmpty(deployment.Status.NearestFeasibleChange!);
    }

    [Fact]
    public void Write_LongMessagesAndManyCandidates_AreCutToTheSchemasBounds()
    {
        var (deployment, plan) = SamplePlans.Of("quickstart");
        var wordy = plan.Candidates[0] with { Message = string.Concat(Enumerable.Repeat("😀 ", 400)) };
        plan = plan with { Candidates = [.. Enumerable.Repeat<Candidate>(wordy, 40)], Summary = new string('x', 2000) };

        StatusWriter.Write(deployment.Status, deployment.Spec, plan);

        Assert.Equal(32, deployment.Status.Candidates!.Count);
        Assert.All(deployment.Status.Candidates, candidate => Assert.InRange(candidate.Message.Length, 500, 512));
        Assert.EndsWith("…", deployment.Status.Summary, StringComparison.Ordinal);
        Assert.Empty(SchemaValidator.Validate(JsonNode.Parse(KubernetesJson.Serialize(deployment)), DeploymentSchema.Root).Violations);
    }
}
