namespace Leanserve.Planner;

/// <summary>One GPU of the catalogue, by its vendor's datasheet.</summary>
public sealed record GpuModel
{
    public required string Name { get; init; }

    /// <summary>Values of the label <c>nvidia.com/gpu.product</c> by which GPU feature discovery names it.</summary>
    public required IReadOnlyList<string> ProductLabels { get; init; }

    public required long MemoryBytes { get; init; }

    public required double BandwidthBytesPerSecond { get; init; }

    /// <summary>Dense fp16 tensor rate with fp32 accumulation, never the sparsity-doubled one.</summary>
    public required double FlopsPerSecond { get; init; }

    public required double ThermalDesignWatts { get; init; }

    /// <summary>Hourly price in US dollars; null where no list price was found.</summary>
    public double? UsdPerHour { get; init; }

    public required string PriceNote { get; init; }

    /// <summary>
    /// Whether a product label names this GPU, the whole of it: a longer label names another one (L40S, RTX-4090-D) or a part (…-MIG-1g.10gb, …-SHARED, …-8Q), whose memory and
    /// speed are others.
    /// </summary>
    public bool IsNamedBy(string productLabel) => ProductLabels.Contains(productLabel, StringComparer.Ordinal);

    /// <summary>What a replica on this GPU can do.</summary>
    public NodeCapability ToNode() => new()
    {
        Name = Name,
        Kind = NodeKind.Gpu,
        MemoryBytes = MemoryBytes,
        BandwidthBytesPerSecond = BandwidthBytesPerSecond,
        FlopsPerSecond = FlopsPerSecond,
        ThermalDesignWatts = ThermalDesignWatts,
        UsdPerHour = UsdPerHour,
    };
}
