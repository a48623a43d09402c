namespace LocalCluster.NodeAgents;

/// <summary>What a volume needs is missing; it is tried again until the pod goes.</summary>
internal sealed class VolumeNotReadyException(string message) : Exception(message);
