using Leanserve.Api;
using Leanserve.Planner;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reading;

namespace Leanserve.Translation.Tests.Reporting;

/// <summary>The samples with their plans, on a node of 4 cores and 8 GiB where they ask for a CPU.</summary>
internal static class SamplePlans
{
    public static readonly NodeFacts Node = new() { AllocatableMemoryBytes = 8L << 30, Cores = 4 };

    public static IReadOnlyList<string> Names { get; } = [.. Repository.Samples.Select(file => Path.GetFileNameWithoutExtension(file))];

    public static (LlmDeployment Deployment, DeploymentPlan Plan) Of(string name)
    {
        var deployment = Assert.Single(DeploymentReader.Read(Repository.Read($"config/samples/{name}.yaml"), name).Deployments).Deployment;
        var request = PlanInputFactory.Create(deployment, new MeasuredFacts { Node = deployment.Spec.Node.Gpu == NodeSpec.Cpu ? Node : null });
        Assert.Empty(request.Violations);
        return (deployment, DeploymentPlanner.Plan(request.Input!));
    }
}
