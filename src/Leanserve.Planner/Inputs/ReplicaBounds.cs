namespace Leanserve.Planner;

/// <summary>Bounds on the number of replicas, both included.</summary>
public sealed record ReplicaBounds
{
    /// <summary>As many as a resource may ask for.</summary>
    public const int Largest = 100;

    public int Min { get; init; } = 1;

    public int Max { get; init; } = 4;
}
