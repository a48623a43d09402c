namespace LocalCluster.NodeAgents;

/// <summary>One file of a projected folder.</summary>
/// <param name="Path">Relative path with '/' between its parts.</param>
internal sealed record VolumeFile(string Path, byte[] Content, UnixFileMode Mode)
{
    public bool HasSameContent(VolumeFile other) => Path == other.Path && Mode == other.Mode && Content.AsSpan().SequenceEqual(other.Content);
}
