namespace Leanserve.Controllers;

/// <summary>
/// Notes what the reconcile that is running on this flow of control has written, so that the next reconcile of the same key can wait
/// until the caches show it. Without that it could act on what it saw before its own writes and do them twice.
/// </summary>
internal sealed class WriteLog
{
    private static readonly AsyncLocal<WriteLog?> Ambient = new();

    private readonly Lock gate = new();
    private readonly List<OwnWrite> writes = [];

    /// <summary>Starts a log for the current flow of control.</summary>
    public static WriteLog Begin() => Ambient.Value = new WriteLog();

    /// <summary>Notes a write, if a reconcile is running.</summary>
    public static void Note(Type entityType, EntityKey key, string resourceVersion)
        => Ambient.Value?.Add(new OwnWrite(entityType, key, resourceVersion));

    /// <summary>What was written so far.</summary>
    public IReadOnlyList<OwnWrite> Writes
    {
        get
        {
            lock (gate)
            {
                return [.. writes];
            }
        }
    }

    private void Add(OwnWrite write)
    {
        lock (gate)
        {
            writes.Add(write);
        }
    }
}
