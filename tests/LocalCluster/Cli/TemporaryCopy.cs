namespace LocalCluster.Cli;

/// <summary>A copy of a file that is removed on disposal.</summary>
internal sealed class TemporaryCopy : IDisposable
{
    private TemporaryCopy(string path) => Path = path;

    public string Path { get; }

    /// <summary>Copies <paramref name="source"/>; null when there is no <paramref name="target"/>.</summary>
    public static TemporaryCopy? Create(string source, string? target)
    {
        if (target is null)
        {
            return null;
        }

        File.Copy(source, target, overwrite: true);
        return new TemporaryCopy(target);
    }

    public void Dispose() => File.Delete(Path);
}
