namespace Leanserve.Controllers.Sdk;

/// <summary>Whether replicas agree on one that acts.</summary>
public enum LeaderElectionType
{
    /// <summary>Every replica acts; run only one.</summary>
    None = 0,

    /// <summary>Only the holder of the Lease acts; the others keep warm caches.</summary>
    Single = 1,
}
