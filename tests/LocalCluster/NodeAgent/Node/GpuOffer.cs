using System.Globalization;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>GPUs that a node claims to have: enough to test scheduling, which needs no device.</summary>
/// <param name="Product">As NVIDIA's GPU feature discovery writes it, such as <c>NVIDIA-L4</c>.</param>
/// <param name="MemoryMebibytes">Memory of one GPU.</param>
public sealed record GpuOffer(string Product, int Count, int MemoryMebibytes)
{
    /// <summary>The labels that GPU feature discovery sets.</summary>
    public Dictionary<string, string> Labels() => new()
    {
        ["nvidia.com/gpu.present"] = "true",
        ["nvidia.com/gpu.product"] = Product,
        ["nvidia.com/gpu.count"] = Count.ToString(CultureInfo.InvariantCulture),
        ["nvidia.com/gpu.memory"] = MemoryMebibytes.ToString(CultureInfo.InvariantCulture),
        ["nvidia.com/gpu.replicas"] = "1"
    };

    /// <summary>The taint that keeps other pods off GPU nodes.</summary>
    public static V1Taint Taint() => new() { Key = NodeCapacity.GpuResource, Value = "present", Effect = "NoSchedule" };
}
