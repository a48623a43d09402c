using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>A load that somebody measured, or could measure, on one replica: the model, the hardware, and either a closed loop or an open one.</summary>
public sealed record MeasuredLoad
{
    public required ModelGeometry Geometry { get; init; }

    public required WeightPrecision Precision { get; init; }

    public required long MemoryBytes { get; init; }

    public required double BandwidthBytesPerSecond { get; init; }

    public required double FlopsPerSecond { get; init; }

    public required double PromptTokens { get; init; }

    public required double OutputTokens { get; init; }

    /// <summary>Clients of a closed loop, each with one request at a time; null for an open loop.</summary>
    public double? Concurrency { get; init; }

    /// <summary>Poisson arrivals a second of an open loop; null for a closed one.</summary>
    public double? QueriesPerSecond { get; init; }
}
