using k8s.Models;
using Leanserve.Api;
using Leanserve.Translation.Cluster;
using Leanserve.Translation.Planning;

namespace Leanserve.Translation.Tests.Cluster;

public sealed class NodeSearchTests
{
    // As GPU feature discovery writes them.
    private static readonly string[] Products =
    [
        "NVIDIA-L4", "NVIDIA-L40", "NVIDIA-L40S", "NVIDIA-L4-SHARED", "NVIDIA-A10", "NVIDIA-A10G", "NVIDIA-A10-8Q", "NVIDIA-A100-SXM4-80GB", "NVIDIA-A100-80GB-PCIe",
        "NVIDIA-A100-SXM4-80GB-MIG-1g.10gb", "Tesla-T4", "NVIDIA-H100-80GB-HBM3", "NVIDIA-GeForce-RTX-4090", "NVIDIA-GeForce-RTX-4090-D",
    ];

    [Theory]
    [InlineData("L4", "NVIDIA-L4")]
    [InlineData("L40S", "NVIDIA-L40S")]
    [InlineData("A10", "NVIDIA-A10")]
    [InlineData("A10G", "NVIDIA-A10G")]
    [InlineData("A100-80-SXM", "NVIDIA-A100-SXM4-80GB")]
    [InlineData("A100-80-PCIe", "NVIDIA-A100-80GB-PCIe")]
    [InlineData("T4", "Tesla-T4")]
    [InlineData("H100-SXM", "NVIDIA-H100-80GB-HBM3")]
    [InlineData("RTX 4090", "NVIDIA-GeForce-RTX-4090")]
    public void Search_AmongEveryGpu_FindsTheOneAskedForAndNoNamesake(string gpu, string product)
    {
        var found = NodeSearch.In(Products.Select(each => Gpu(each, each)), new NodeSpec { Gpu = gpu });
        Assert.Equal((1, 1, $"1 matching node: {product}."), (found.Match!.Nodes, found.Match.Gpus, found.Message));
        Assert.Contains(product, NodeWish.Of(new NodeSpec { Gpu = gpu }).Products);
    }

    [Fact]
    public void Search_WhereGpusAreCutOrShared_SaysHowToPlanForAPart()
    {
        var nodes = new[] { Gpu("cut", "NVIDIA-A100-SXM4-80GB-MIG-1g.10gb", mebibytes: 9728) };
        var whole = NodeSearch.In(nodes, new NodeSpec { Gpu = "A100-80-SXM" });
        Assert.Null(whole.Match);
        Assert.Contains("1 × NVIDIA-A100-SXM4-80GB-MIG-1g.10gb", whole.Message, StringComparison.Ordinal);
        Assert.Contains("for a part of a GPU (MIG, time-slicing) give node.gpu a name of your own, state its node.capacity", whole.Message, StringComparison.Ordinal);

        var slice = NodeSearch.In(nodes, new NodeSpec
        {
            Gpu = "A100 slice",
            Selector = new LabelSelectorSpec { MatchLabels = { [NodeWish.GpuProductLabel] = "NVIDIA-A100-SXM4-80GB-MIG-1g.10gb" } },
        });
        Assert.Equal(9728L << 20, slice.Match!.GpuMemoryBytes);
    }

    [Fact]
    public void GpuMemory_OfTheLabels_IsTheSmallestMatchingNodesAndPlannedWith()
    {
        V1Node[] nodes = [Gpu("one", "NVIDIA-L4", mebibytes: 23034), Gpu("other", "NVIDIA-L4", mebibytes: 22491), Gpu("untold", "NVIDIA-L4"), Gpu("larger", "NVIDIA-L40S", mebibytes: 1)];
        var facts = NodeSearch.In(nodes, new NodeSpec { Gpu = "L4" }).Match!.ToFacts();
        Assert.Equal(22491L << 20, facts.GpuMemoryBytes);

        var deployment = Manifests.Parse(Manifests.Full);
        deployment.Spec.Node = new NodeSpec { Gpu = "L4" };
        Assert.Equal(22491L << 20, PlanInputFactory.Create(deployment, new MeasuredFacts { Node = facts }).Input!.Node.MemoryBytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("24Gi")]
    [InlineData("9223372036854775807")]
    public void GpuMemory_WhereTheLabelTellsNone_IsUnknown(string? label)
    {
        var node = Gpu("gpu", "NVIDIA-L4");
        if (label is not null)
        {
            node.Metadata.Labels[NodeWish.GpuMemoryLabel] = label;
        }

        Assert.Null(NodeSearch.In([node], new NodeSpec { Gpu = "L4" }).Match!.GpuMemoryBytes);
    }

    [Fact]
    public void CpuPlan_OnUnlikeNodes_GoesByOneThatExists()
    {
        V1Node[] nodes = [Node("wide", "64", "32Gi"), Node("deep", "4", "256Gi"), Node("wide-and-less", "64", "16Gi")];
        var match = NodeSearch.In(nodes, new NodeSpec { Gpu = NodeSpec.Cpu }).Match!;
        var facts = match.ToFacts();
        Assert.Equal((64, 32L << 30), (facts.Cores, facts.AllocatableMemoryBytes));
        Assert.Equal((3, 132.0), (match.Nodes, match.Cores));
    }

    [Fact]
    public void GpuPods_OnUnlikeNodes_AskForNoMoreCoresThanEachCanGive()
    {
        V1Node[] nodes = [Gpu("large", "NVIDIA-L4", cores: "48"), Gpu("small", "NVIDIA-L4", cores: "7910m")];
        Assert.Equal(7.91, NodeSearch.In(nodes, new NodeSpec { Gpu = "L4" }).Match!.PlannedCores);
    }

    [Fact]
    public void Search_NodesThatTakeNoPods_AreLeftOut()
    {
        var cordoned = Node("cordoned", "64", "32Gi");
        cordoned.Spec.Unschedulable = true;
        var broken = Node("broken", "64", "32Gi");
        broken.Status.Conditions[0].Status = "False";
        var found = NodeSearch.In([cordoned, broken], new NodeSpec { Gpu = NodeSpec.Cpu });
        Assert.Null(found.Match);
        Assert.Contains("the cluster has no schedulable node", found.Message, StringComparison.Ordinal);
    }

    private static V1Node Gpu(string name, string product, int? mebibytes = null, string cores = "8")
    {
        var node = Node(name, cores, "32Gi");
        node.Status.Allocatable[NodeWish.GpuResource] = new ResourceQuantity("1");
        node.Metadata.Labels = new Dictionary<string, string> { [NodeWish.GpuProductLabel] = product };
        if (mebibytes is { } memory)
        {
            node.Metadata.Labels[NodeWish.GpuMemoryLabel] = $"{memory}";
        }

        return node;
    }

    private static V1Node Node(string name, string cores, string memory) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1NodeSpec(),
        Status = new V1NodeStatus
        {
            Allocatable = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cores), ["memory"] = new(memory) },
            Conditions = [new V1NodeCondition { Type = "Ready", Status = "True" }],
        },
    };
}
