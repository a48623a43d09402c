namespace LocalCluster.NodeAgents;

/// <summary>A folder that lives as long as the pod.</summary>
internal sealed class EmptyDirVolume(string path, long? group) : IPodVolume
{
    private const UnixFileMode Everyone = (UnixFileMode)0b111_111_111;

    public string HostPath => path;

    public bool IsReadOnly => false;

    public Task PrepareAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            if (group is { } id)
            {
                NativeMethods.ChangeGroup(path, id);
            }

            File.SetUnixFileMode(path, group is null ? Everyone : Everyone | UnixFileMode.SetGroup);
        }

        return Task.CompletedTask;
    }
}
