using LocalCluster.ControlPlane;
using LocalCluster.NodeAgents;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalCluster;

/// <summary>What a local cluster consists of.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>The programs that nodes run in place of container images.</summary>
    public required ImageTable Images { get; init; }

    /// <value>The default value is one node, <c>local</c>, without GPUs.</value>
    public IReadOnlyList<LocalNodeOptions> Nodes { get; init; } = [new LocalNodeOptions("local")];

    public LocalControlPlaneOptions ControlPlane { get; init; } = LocalControlPlaneOptions.Full;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
