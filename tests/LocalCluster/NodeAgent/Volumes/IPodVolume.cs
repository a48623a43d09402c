namespace LocalCluster.NodeAgents;

/// <summary>One volume of a pod, as a file or folder on this machine.</summary>
internal interface IPodVolume
{
    /// <summary>Where the content lies on the host; valid once prepared.</summary>
    string HostPath { get; }

    /// <summary>True where containers must not write, whatever their mounts say.</summary>
    bool IsReadOnly { get; }

    /// <summary>Makes the content available, or brings it up to date.</summary>
    /// <exception cref="VolumeNotReadyException">Something it needs is not there (yet).</exception>
    Task PrepareAsync(CancellationToken cancellation);
}
