using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>All that a plan depends on. Plans are a pure function of it: the same input gives the same plan.</summary>
public sealed record PlanInput
{
    public required ModelGeometry Geometry { get; init; }

    /// <summary>The forms in which the model is there to be loaded; at least one.</summary>
    public required IReadOnlyList<WeightVariant> Weights { get; init; }

    public required NodeCapability Node { get; init; }

    public required Traffic Traffic { get; init; }

    public Objectives Objectives { get; init; } = new();

    public KnowledgeDemand Knowledge { get; init; } = new();

    public Team Team { get; init; } = new();

    public Prices Prices { get; init; } = new();

    public StrategyPins Pins { get; init; } = new();

    public ReplicaBounds Replicas { get; init; } = new();

    /// <summary>The engine to predict with; null takes our own runtime's profile for the node's kind.</summary>
    public EngineProfile? EngineProfile { get; init; }

    /// <summary>Constants that replace those of <see cref="PlannerConstants"/>, by name.</summary>
    public IReadOnlyDictionary<string, double> Assumptions { get; init; } = new Dictionary<string, double>();
}
