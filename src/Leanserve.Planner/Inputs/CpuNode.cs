namespace Leanserve.Planner;

/// <summary>A node without accelerator, where nobody stated its figures.</summary>
public static class CpuNode
{
    /// <summary>fp32 rate of one server core with 256-bit fused multiply-add: 32 operations a cycle at about 3 GHz.</summary>
    public const double FlopsPerCore = 100e9;

    /// <summary>Bandwidth that one core can draw; measured 25 GB/s on two cores of a cloud server.</summary>
    public const double BandwidthPerCore = 14e9;

    /// <summary>Bandwidth of one socket, however many cores draw on it (eight channels of DDR4-3200, in practice).</summary>
    public const double SocketBandwidth = 150e9;

    /// <summary>The figures of a node with so many cores and so much memory that pods may use.</summary>
    /// <param name="cores">Cores that a replica may use; at least 1.</param>
    /// <param name="memoryBytes">Allocatable memory of the node.</param>
    public static NodeCapability Of(int cores, long memoryBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryBytes, 1);
        return new NodeCapability
        {
            Name = $"{cores}-core CPU",
            Kind = NodeKind.Cpu,
            MemoryBytes = memoryBytes,
            BandwidthBytesPerSecond = Math.Min(cores * BandwidthPerCore, SocketBandwidth),
            FlopsPerSecond = cores * FlopsPerCore,
            Cores = cores,
        };
    }
}
