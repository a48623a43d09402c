using System.Globalization;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>What a node offers to its pods.</summary>
/// <param name="CpuMillicores">Thousandths of a CPU.</param>
/// <param name="GpuCount">Whole GPUs, offered as nvidia.com/gpu.</param>
public sealed record NodeCapacity(long CpuMillicores, long MemoryBytes, int Pods, int GpuCount)
{
    public const string GpuResource = "nvidia.com/gpu";
    private const int DefaultPods = 110;

    /// <summary>This machine's own processors and memory, without GPUs.</summary>
    public static NodeCapacity OfThisMachine()
    {
        var total = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        var kibibytes = long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new NodeCapacity(Environment.ProcessorCount * 1000L, kibibytes * 1024, DefaultPods, 0);
    }

    /// <summary>The amounts as a node's status holds them.</summary>
    public Dictionary<string, ResourceQuantity> ToResources()
    {
        var resources = new Dictionary<string, ResourceQuantity>
        {
            ["cpu"] = new($"{CpuMillicores}m"), ["memory"] = new($"{MemoryBytes}"), ["pods"] = new($"{Pods}")
        };
        if (GpuCount > 0)
        {
            resources[GpuResource] = new ResourceQuantity($"{GpuCount}");
        }

        return resources;
    }

    /// <summary>The amount of a resource in its base unit; 0 for a resource that the node does not have.</summary>
    public decimal Amount(string resource) => ToResources().TryGetValue(resource, out var quantity) ? quantity.ToDecimal() : 0m;
}
