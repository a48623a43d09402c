using Leanserve.Translation.Planning;

namespace Leanserve.Translation.Cluster;

/// <summary>The nodes that could run a replica.</summary>
/// <param name="Nodes">How many.</param>
/// <param name="Gpus">GPUs that they offer in all; 0 on CPU nodes.</param>
/// <param name="LargestMemoryBytes">Allocatable memory of the largest.</param>
/// <param name="LargestCores">Allocatable cores of the largest.</param>
public sealed record NodeMatch(int Nodes, int Gpus, long LargestMemoryBytes, double LargestCores)
{
    /// <summary>What a plan goes by: the largest node.</summary>
    public NodeFacts ToFacts() => new() { AllocatableMemoryBytes = LargestMemoryBytes, Cores = Math.Max(1, (int)LargestCores) };
}
