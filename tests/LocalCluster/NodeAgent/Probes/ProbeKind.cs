namespace LocalCluster.NodeAgents;

/// <summary>What a probe decides.</summary>
internal enum ProbeKind
{
    Startup,
    Readiness,
    Liveness
}
