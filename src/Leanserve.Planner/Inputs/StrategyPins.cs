using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Choices that the user has made already; null leaves them to the planner.</summary>
public sealed record StrategyPins
{
    public KnowledgeMode? Knowledge { get; init; }

    public DecodingMode? Decoding { get; init; }
}
