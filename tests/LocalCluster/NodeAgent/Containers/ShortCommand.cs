using System.Diagnostics;

namespace LocalCluster.NodeAgents;

/// <summary>Runs short commands to their end.</summary>
internal static class ShortCommand
{
    /// <summary>Runs a command; it is killed with its children when the token is cancelled, which yields a result without exit code.</summary>
    public static async Task<CommandResult> RunAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true
        };
        if (environment is not null)
        {
            info.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                info.Environment[name] = value;
            }
        }

        using var process = await ProcessSpawner.StartAsync(info).ConfigureAwait(false);
        process.StandardInput.Close();
        await using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true)).ConfigureAwait(false);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var text = (await output.ConfigureAwait(false) + await error.ConfigureAwait(false)).Trim();
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return new CommandResult(cancellation.IsCancellationRequested ? null : process.ExitCode, text);
    }
}
