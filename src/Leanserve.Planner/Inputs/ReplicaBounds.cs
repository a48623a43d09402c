namespace Leanserve.Planner;

/// <summary>Bounds on the number of replicas, both included.</summary>
public sealed record ReplicaBounds
{
    public int Min { get; init; } = 1;

    public int Max { get; init; } = 4;
}
