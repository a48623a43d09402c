using System.Globalization;
using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Validation;

/// <summary>Rules about the machine.</summary>
internal static class NodeRules
{
    private const string ByHand =
        "Or state its figures by hand: node.capacity: {memory: 24Gi, bandwidthGigabytesPerSecond: \"300\", teraflops: \"120\"}; or gpu: None for the node's own CPU";

    public static IEnumerable<Violation> Check(NodeSpec node)
    {
        if (node.GpusPerReplica is > 1)
        {
            var count = node.GpusPerReplica.Value.ToString(CultureInfo.InvariantCulture);
            yield return new Violation(
                "spec.node.gpusPerReplica", count, RuleSentences.OneGpu, "Take a GPU with more memory or weights of fewer bits where the model does not fit, more replicas where the load does not");
        }

        if (node.Gpu is not ("" or NodeSpec.Cpu) && node.Capacity is null && GpuCatalogue.Find(node.Gpu) is null)
        {
            yield return new Violation(
                "spec.node.gpu", Shown.Text(node.Gpu), "is not in the GPU catalogue", $"Known GPUs: {GpuCatalogue.KnownNames}. {ByHand}");
        }

        foreach (var violation in Capacity(node.Capacity))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> Capacity(NodeCapacitySpec? capacity)
    {
        if (capacity is null)
        {
            yield break;
        }

        if (capacity.Memory.Length > 0 && WireNumber.Bytes(capacity.Memory) is not > 0)
        {
            yield return new Violation("spec.node.capacity.memory", Shown.Text(capacity.Memory), "memory must be at least one byte", "Write a quantity such as 24Gi");
        }

        if (WireNumber.Decimal(capacity.BandwidthGigabytesPerSecond) is <= 0)
        {
            yield return new Violation(
                "spec.node.capacity.bandwidthGigabytesPerSecond", Shown.Text(capacity.BandwidthGigabytesPerSecond), RuleSentences.BandwidthPositive,
                "Copy it from the datasheet, in gigabytes a second");
        }

        if (WireNumber.Decimal(capacity.Teraflops) is <= 0)
        {
            yield return new Violation(
                "spec.node.capacity.teraflops", Shown.Text(capacity.Teraflops), RuleSentences.TeraflopsPositive,
                "Copy the dense rate from the datasheet, not the one with sparsity");
        }
    }
}
