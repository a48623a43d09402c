namespace Leanserve.Controllers.Replica;

/// <summary>A file in which all replicas note when they act. The timestamps are of the machine's monotonic clock, so they compare.</summary>
public sealed class Journal(string path, string identity)
{
    /// <summary>Appends a line; short appends of several processes do not mix.</summary>
    public void Note(string what)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(System.Text.Encoding.UTF8.GetBytes($"{TimeProvider.System.GetTimestamp()} {identity} {what}\n"));
    }
}
