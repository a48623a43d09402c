using System.Globalization;
using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Planning;

/// <summary>What a replica's hardware can do: from the catalogue, the node itself, and figures stated by hand.</summary>
internal static class NodeResolution
{
    // Of a machine that nobody has seen; the cores only count towards its price and power.
    private const int AssumedCores = 4;
    private const double Giga = 1e9;
    private const double Tera = 1e12;

    /// <summary>The hardware; null for a CPU whose node nobody has seen and whose capacity nobody stated.</summary>
    public static NodeCapability? Resolve(NodeSpec node, NodeFacts? facts)
    {
        var known = node.Gpu == NodeSpec.Cpu ? Cpu(facts) : Gpu(node, facts);
        return node.Capacity is { } stated ? Stated(node, stated, known, facts) : known;
    }

    public static IEnumerable<Contradiction> Contradictions(NodeSpec node, NodeFacts? facts)
    {
        var measured = node.Gpu == NodeSpec.Cpu ? facts?.AllocatableMemoryBytes : facts?.GpuMemoryBytes;
        if (node.Capacity is { } stated && WireNumber.Bytes(stated.Memory) is { } bytes && bytes > measured)
        {
            yield return new Contradiction("spec.node.capacity.memory", stated.Memory, string.Create(CultureInfo.InvariantCulture, $"{measured} bytes"));
        }
    }

    private static NodeCapability? Cpu(NodeFacts? facts) => facts is null ? null : CpuNode.Of(facts.Cores, facts.AllocatableMemoryBytes);

    private static NodeCapability? Gpu(NodeSpec node, NodeFacts? facts)
    {
        var gpu = GpuCatalogue.Find(node.Gpu)?.ToNode();
        return gpu is null ? null : gpu with { MemoryBytes = facts?.GpuMemoryBytes ?? gpu.MemoryBytes };
    }

    // Stated rates win over the catalogue's, for they are why somebody stated them; memory beyond what is there would only crash.
    private static NodeCapability Stated(NodeSpec node, NodeCapacitySpec stated, NodeCapability? known, NodeFacts? facts)
    {
        var isCpu = node.Gpu == NodeSpec.Cpu;
        var memory = WireNumber.Bytes(stated.Memory)!.Value;
        var measured = isCpu ? facts?.AllocatableMemoryBytes : facts?.GpuMemoryBytes;
        return new NodeCapability
        {
            Name = isCpu ? known?.Name ?? "the node's CPU" : node.Gpu,
            Kind = isCpu ? NodeKind.Cpu : NodeKind.Gpu,
            MemoryBytes = Math.Min(memory, measured ?? memory),
            BandwidthBytesPerSecond = WireNumber.Decimal(stated.BandwidthGigabytesPerSecond)!.Value * Giga,
            FlopsPerSecond = WireNumber.Decimal(stated.Teraflops)!.Value * Tera,
            ThermalDesignWatts = stated.ThermalDesignWatts ?? known?.ThermalDesignWatts,
            UsdPerHour = known?.UsdPerHour,
            Cores = facts?.Cores ?? AssumedCores,
        };
    }
}
