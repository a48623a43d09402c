namespace Leanserve.Planner;

/// <summary>One GPU of the catalogue, by its vendor's datasheet.</summary>
public sealed record GpuModel
{
    public required string Name { get; init; }

    /// <summary>Prefixes of the label <c>nvidia.com/gpu.product</c> that name this GPU.</summary>
    public required IReadOnlyList<string> ProductLabelPatterns { get; init; }

    public required long MemoryBytes { get; init; }

    public required double BandwidthBytesPerSecond { get; init; }

    /// <summary>Dense fp16 tensor rate with fp32 accumulation, never the sparsity-doubled one.</summary>
    public required double FlopsPerSecond { get; init; }

    public required double ThermalDesignWatts { get; init; }

    /// <summary>Hourly price in US dollars; null where no list price was found.</summary>
    public double? UsdPerHour { get; init; }

    public required string PriceNote { get; init; }

    /// <summary>A replica's hardware made of <paramref name="countPerReplica"/> of this GPU.</summary>
    public NodeCapability ToNode(int countPerReplica = 1) => new()
    {
        Name = Name,
        Kind = NodeKind.Gpu,
        MemoryBytes = MemoryBytes,
        BandwidthBytesPerSecond = BandwidthBytesPerSecond,
        FlopsPerSecond = FlopsPerSecond,
        ThermalDesignWatts = ThermalDesignWatts,
        UsdPerHour = UsdPerHour,
        CountPerReplica = countPerReplica,
    };
}
