namespace LocalCluster.NodeAgents;

/// <summary>A source of a projected volume that this node agent does not know.</summary>
internal sealed class UnsupportedFiles : IVolumeFileSource
{
    public Task<IReadOnlyList<VolumeFile>> ReadAsync(CancellationToken cancellation) => throw new VolumeNotReadyException(
        "one of its sources is not supported by this node agent (configMap, secret, downwardAPI, serviceAccountToken)");
}
