namespace Leanserve.Operator.Reconcile;

/// <summary>The nodes that could run a replica.</summary>
/// <param name="Nodes">How many.</param>
/// <param name="Gpus">GPUs that they offer in all; 0 on CPU nodes.</param>
/// <param name="LargestMemoryBytes">Allocatable memory of the largest.</param>
/// <param name="LargestCores">Allocatable cores of the largest.</param>
public sealed record NodeMatch(int Nodes, int Gpus, long LargestMemoryBytes, double LargestCores);
