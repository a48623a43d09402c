using LocalCluster.NodeAgents;

namespace LocalCluster;

/// <summary>One node of a local cluster.</summary>
/// <param name="Name">The node's name.</param>
public sealed record LocalNodeOptions(string Name)
{
    /// <summary>GPUs that the node offers, with the labels and the taint that GPU nodes carry; null for a node without.</summary>
    public GpuOffer? Gpus { get; init; }

    /// <summary>Labels besides the ones that every node and every GPU node has.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
