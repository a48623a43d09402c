namespace LocalCluster.NodeAgents;

/// <summary>Yields files for a projected folder.</summary>
internal interface IVolumeFileSource
{
    /// <summary>The current files.</summary>
    /// <exception cref="VolumeNotReadyException">The object that holds them is missing and not optional.</exception>
    Task<IReadOnlyList<VolumeFile>> ReadAsync(CancellationToken cancellation);
}
