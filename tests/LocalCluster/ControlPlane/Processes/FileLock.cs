namespace LocalCluster.ControlPlane.Processes;

/// <summary>A lock between processes; the kernel frees it when its holder ends, however it ends.</summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan s_retryInterval = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until the lock is free and takes it.</summary>
    /// <param name="path">The lock file; created where missing, never deleted, since deleting it would let two hold it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="onWait">Called once when another process holds the lock.</param>
    public static async Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken, Action? onWait = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                // FileShare.None is flock(LOCK_EX | LOCK_NB) on Unix.
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                onWait?.Invoke();
                onWait = null;
                await Task.Delay(s_retryInterval, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose() => _file.Dispose();
}
