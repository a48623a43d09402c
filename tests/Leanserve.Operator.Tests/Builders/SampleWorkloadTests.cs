using Leanserve.Api;
using Leanserve.Operator.Builders;
using Leanserve.Operator.Hosting;
using Leanserve.Planner;
using Leanserve.Translation.Cluster;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reading;

namespace Leanserve.Operator.Tests.Builders;

/// <summary>The samples that a newcomer applies together, on a small machine.</summary>
public sealed class SampleWorkloadTests
{
    private static readonly NodeMatch Node = new(Nodes: 1, Gpus: 0, Cores: 2, PlannedCores: 2, PlannedMemoryBytes: 8L << 30, GpuMemoryBytes: null);

    [Fact]
    public void Samples_OnANodeOfTwoCores_AllFindRoom()
    {
        var workloads = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.yaml")
            .SelectMany(file => DeploymentReader.Read(File.ReadAllText(file), file).Deployments)
            .Select(read => read.Deployment)
            .Where(resource => NodeWish.IsCpu(resource.Spec.Node))
            .Select(Workload)
            .ToList();
        Assert.Equal(4, workloads.Count);

        // A tenth is the system's.
        Assert.InRange(workloads.Sum(workload => workload.Replicas * workload.CpuMillicores), 1, 1800);
        Assert.InRange(workloads.Sum(workload => workload.Replicas * workload.MemoryBytes), 1, Node.PlannedMemoryBytes * 9 / 10);
    }

    private static Workload Workload(LlmDeployment resource)
    {
        var input = PlanInputFactory.Create(resource, new MeasuredFacts { Node = Node.ToFacts() }).Input!;
        return WorkloadFactory.Create(resource, DeploymentPlanner.Choose(input).Selected!, Node, "hash", new OperatorOptions());
    }
}
