using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LocalCluster.ControlPlane.Processes;

/// <summary>
/// A child process in its own session that writes to a log file and that the kernel kills when this process dies,
/// however it dies. Needs <c>setsid</c> and <c>setpriv</c> (Debian's essential <c>util-linux</c>).
/// </summary>
public sealed class ParentBoundProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    // The kernel delivers the parent-death signal when the *thread* that forked ends, and the thread pool ends
    // idle threads; so every child is forked by this one thread, which lives as long as the process.
    private static readonly BlockingCollection<Action> s_launches = StartLauncher();

    private readonly Process _process;

    private ParentBoundProcess(string name, Process process, string logPath)
    {
        Name = name;
        _process = process;
        LogPath = logPath;
    }

    /// <summary>The name used in messages.</summary>
    public string Name { get; }

    /// <summary>The process id; valid as such until <see cref="StopAsync"/> has returned.</summary>
    public int Id => _process.Id;

    /// <summary>The file that standard output and standard error are appended to.</summary>
    public string LogPath { get; }

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit status; 128 + N after signal N.</summary>
    /// <exception cref="InvalidOperationException">The process is still running.</exception>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts <paramref name="executable"/>.</summary>
    /// <param name="name">The name used in messages.</param>
    /// <param name="executable">Path of the executable, or a command on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="logPath">The file its output is appended to.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The shell cannot be started.</exception>
    public static async Task<ParentBoundProcess> StartAsync(
        string name, string executable, IEnumerable<string> arguments, string logPath)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.Environment["LEANSERVE_CHILD_LOG"] = logPath;
        // The log is redirected by the shell, so that no byte passes through this process; each command execs
        // the next, so that the process id stays that of the executable.
        string[] wrapper = ["-c", "exec setsid setpriv --pdeathsig KILL -- \"$@\" </dev/null >>\"$LEANSERVE_CHILD_LOG\" 2>&1", "sh"];
        foreach (string argument in wrapper.Append(executable).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return new ParentBoundProcess(name, await LaunchAsync(start).ConfigureAwait(false), logPath);
    }

    /// <summary>
    /// Starts any process on the long-lived launcher thread: use it for children that ask for a parent-death signal
    /// themselves (<c>bwrap --die-with-parent</c>), which would else die with the calling thread.
    /// </summary>
    public static Task<Process> LaunchAsync(ProcessStartInfo start)
    {
        var launched = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_launches.Add(() =>
        {
            try
            {
                launched.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
            }
            catch (Exception error)
            {
                launched.SetException(error);
            }
        });
        return launched.Task;
    }

    /// <summary>Waits until the process has ended.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken = default) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>
    /// Asks the process and its children to end (SIGTERM) and kills them (SIGKILL) when it has not ended after <paramref name="grace"/>.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (_process.HasExited)
        {
            return;
        }

        if (grace > TimeSpan.Zero)
        {
            Signal(SigTerm);
            using var expiry = new CancellationTokenSource(grace);
            try
            {
                await _process.WaitForExitAsync(expiry.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException)
            {
                // Out of patience: kill below.
            }
        }

        Signal(SigKill);
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    /// <summary>The last lines of the log, for error messages; empty when there is no log.</summary>
    public string LogTail(int lines = 20) =>
        File.Exists(LogPath) ? string.Join('\n', File.ReadLines(LogPath).TakeLast(lines)) : "";

    /// <summary>A sentence for error messages: how the process ended, with the end of its log.</summary>
    public string DescribeExit() =>
        $"{Name} exited with {ExitCode}. The end of its log (give a log directory to keep it whole):\n{LogTail()}";

    /// <summary>Kills the process if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _process.Dispose();
    }

    private static BlockingCollection<Action> StartLauncher()
    {
        var launches = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (Action launch in launches.GetConsumingEnumerable())
            {
                launch();
            }
        })
        { IsBackground = true, Name = "child-launcher" };
        thread.Start();
        return launches;
    }

    private void Signal(int signal)
    {
        // A session leader's group has its id; there is none yet when the shell has not come to setsid.
        if (Kill(-_process.Id, signal) != 0)
        {
            _ = Kill(_process.Id, signal);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}
