namespace LocalCluster.NodeAgents;

/// <summary>A folder of files from one or several sources: configMap, secret, downwardAPI and projected volumes.</summary>
internal sealed class ProjectedFolderVolume(string path, IReadOnlyList<IVolumeFileSource> sources, long? group) : IPodVolume
{
    private readonly AtomicFolder _folder = new(path, group);

    public string HostPath => path;

    public bool IsReadOnly => true;

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        // A later source wins where two yield the same path.
        var files = new SortedDictionary<string, VolumeFile>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            foreach (var file in await source.ReadAsync(cancellation).ConfigureAwait(false))
            {
                files[file.Path] = file;
            }
        }

        _folder.Write([.. files.Values]);
    }
}
