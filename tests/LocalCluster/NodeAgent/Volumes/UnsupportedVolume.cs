namespace LocalCluster.NodeAgents;

/// <summary>A volume of a kind that this node agent does not mount.</summary>
internal sealed class UnsupportedVolume : IPodVolume
{
    private const string Message =
        "its kind is not supported by this node agent (configMap, secret, emptyDir, hostPath, persistentVolumeClaim, projected, downwardAPI)";

    public string HostPath => throw new InvalidOperationException(Message);

    public bool IsReadOnly => true;

    public Task PrepareAsync(CancellationToken cancellation) => throw new VolumeNotReadyException(Message);
}
