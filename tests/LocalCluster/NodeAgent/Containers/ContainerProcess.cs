using System.Diagnostics;
using System.Text.Json;

namespace LocalCluster.NodeAgents;

/// <summary>One run of a container: a process in its sandbox, whose output goes to a log.</summary>
internal sealed class ContainerProcess
{
    private const int InfoDescriptor = 3;
    private static readonly TimeSpan InfoPollPeriod = TimeSpan.FromMilliseconds(10);
    private readonly SandboxSpec _spec;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string _infoPath;
    private readonly Process _process;

    private ContainerProcess(SandboxSpec spec, IReadOnlyDictionary<string, string> environment, string infoPath, Process process, ContainerLog log)
    {
        (_spec, _environment, _infoPath, _process) = (spec, environment, infoPath, process);
        Exited = CompleteAsync(log);
    }

    /// <summary>Ends with the exit code; 128 + signal where a signal ended the process.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts the process.</summary>
    /// <param name="infoPath">File that the sandbox writes its process id to.</param>
    public static async Task<ContainerProcess> StartAsync(
        SandboxSpec spec, IReadOnlyDictionary<string, string> environment, string infoPath, ContainerLog log)
    {
        // The base class library cannot hand a child an extra file descriptor, so a shell opens it and becomes the command.
        var redirect = $"exec {InfoDescriptor}>\"$1\"; shift; exec \"$@\"";
        var info = new ProcessStartInfo("/bin/sh", ["-c", redirect, "sh", infoPath, .. SandboxCommand.Build(spec, InfoDescriptor)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true
        };
        info.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        File.Delete(infoPath);
        var process = await ProcessSpawner.StartAsync(info).ConfigureAwait(false);
        process.StandardInput.Close();
        return new ContainerProcess(spec, environment, infoPath, process, log);
    }

    /// <summary>Signals the container's own process; has no effect on one that has ended.</summary>
    public async Task SignalAsync(int signal)
    {
        if (await FindSandboxProcessAsync().ConfigureAwait(false) is { } sandbox && ProcessTable.ChildOf(sandbox) is { } child)
        {
            NativeMethods.Signal(child, signal);
        }
    }

    /// <summary>Ends every process of the container at once.</summary>
    public void Kill()
    {
        if (!Exited.IsCompleted)
        {
            // The sandbox's first process dies with its parent, and its process namespace with that.
            NativeMethods.Signal(_process.Id, NativeMethods.SignalKill);
        }
    }

    /// <summary>Runs a command inside the container; cancellation kills it.</summary>
    public async Task<CommandResult> ExecuteAsync(IEnumerable<string> command, CancellationToken cancellation) =>
        await FindSandboxProcessAsync().ConfigureAwait(false) is { } sandbox
            ? await ShortCommand.RunAsync(SandboxCommand.BuildExec(_spec, sandbox, command), _environment, cancellation).ConfigureAwait(false)
            : new CommandResult(null, "the container is not running");

    private async Task<int> CompleteAsync(ContainerLog log)
    {
        using (log)
        {
            await Task.WhenAll(log.CopyAsync(_process.StandardOutput, "stdout"), log.CopyAsync(_process.StandardError, "stderr")).ConfigureAwait(false);
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        return _process.ExitCode;
    }

    private async Task<int?> FindSandboxProcessAsync()
    {
        while (!Exited.IsCompleted)
        {
            if (ReadSandboxProcess() is { } found)
            {
                return found;
            }

            await Task.Delay(InfoPollPeriod).ConfigureAwait(false);
        }

        return null;
    }

    private int? ReadSandboxProcess()
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(_infoPath));
            return document.RootElement.GetProperty("child-pid").GetInt32();
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            // Not written yet, or half of it.
            return null;
        }
    }
}
