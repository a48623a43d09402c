using Leanserve.Translation.Planning;

namespace Leanserve.Translation.Cluster;

/// <summary>The nodes that could run a replica, and the one that is planned for.</summary>
/// <param name="Nodes">How many.</param>
/// <param name="Gpus">GPUs that they offer in all; 0 on CPU nodes.</param>
/// <param name="Cores">Allocatable cores of all of them.</param>
/// <param name="PlannedCores">Allocatable cores of the node that is planned for.</param>
/// <param name="PlannedMemoryBytes">Its allocatable memory.</param>
/// <param name="GpuMemoryBytes">Memory of the smallest of their GPUs, where labels tell it.</param>
public sealed record NodeMatch(int Nodes, int Gpus, double Cores, double PlannedCores, long PlannedMemoryBytes, long? GpuMemoryBytes)
{
    /// <summary>What a plan goes by.</summary>
    public NodeFacts ToFacts() => new() { AllocatableMemoryBytes = PlannedMemoryBytes, Cores = Math.Max(1, (int)PlannedCores), GpuMemoryBytes = GpuMemoryBytes };
}
