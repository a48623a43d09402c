using System.Collections.Concurrent;
using System.Diagnostics;

namespace LocalCluster.NodeAgents;

/// <summary>
/// Starts processes from one thread that lives as long as this process. Linux sends the parent-death signal, which bwrap's <c>--die-with-parent</c>
/// asks for, when the <em>thread</em> that forked ends: started from a pool thread, containers would die when the pool shrinks.
/// </summary>
internal static class ProcessSpawner
{
    private static readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> Requests = [];

    static ProcessSpawner() => new Thread(Serve) { IsBackground = true, Name = "process-spawner" }.Start();

    /// <summary>Starts a process; its streams can be read from any thread.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The file does not exist or is not executable.</exception>
    public static Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add((info, started));
        return started.Task;
    }

    private static void Serve()
    {
        foreach (var (info, started) in Requests.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        }
    }
}
