using Leanserve.Planner;
using Leanserve.Translation.Planning;

namespace Leanserve.Cli.Plans;

/// <summary>What the plans of a file go by beside the file.</summary>
/// <param name="Machine">The machine that stands in for a node whose CPU is asked for, where no cluster was read.</param>
internal sealed record PlanWorld(NodeFacts Machine)
{
    /// <summary>The cluster whose nodes and ConfigMaps count; null plans offline.</summary>
    public ClusterView? Cluster { get; init; }

    /// <summary>The engine to predict with; null takes our own runtime's.</summary>
    public EngineProfile? EngineProfile { get; init; }
}
