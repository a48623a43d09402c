namespace Leanserve.Planner;

/// <summary>What computes: an accelerator, or the node's own cores.</summary>
public enum NodeKind
{
    Cpu,
    Gpu,
}

/// <summary>What one replica's hardware can do, before any engine's efficiency: one accelerator, over several of which our runtime splits no model, or one node.</summary>
public sealed record NodeCapability
{
    /// <summary>The name in messages, such as <c>L4</c> or <c>this node's CPU</c>. Changes no number.</summary>
    public required string Name { get; init; }

    public required NodeKind Kind { get; init; }

    /// <summary>Memory of the accelerator (or of the node) that a replica may fill, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Memory bandwidth in bytes a second.</summary>
    public required double BandwidthBytesPerSecond { get; init; }

    /// <summary>Dense multiply-add rate in floating-point operations a second: fp16 with fp32 accumulation on a GPU, fp32 on a CPU.</summary>
    public required double FlopsPerSecond { get; init; }

    /// <summary>Thermal design power in watts; null takes a default by kind.</summary>
    public double? ThermalDesignWatts { get; init; }

    /// <summary>Hourly price in US dollars; null takes a default by kind.</summary>
    public double? UsdPerHour { get; init; }

    /// <summary>Processor cores that a replica may use; the figures of a CPU are for all of them.</summary>
    public int Cores { get; init; } = 4;
}
