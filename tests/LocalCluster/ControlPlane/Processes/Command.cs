using System.Diagnostics;

namespace LocalCluster.ControlPlane.Processes;

/// <summary>Runs a short command to its end.</summary>
public static class Command
{
    /// <summary>Runs <paramref name="executable"/> and returns its standard output.</summary>
    /// <exception cref="CommandFailedException">It cannot be started, or its exit status is not 0.</exception>
    public static async Task<string> RunAsync(
        string executable, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        string[] list = [.. arguments];
        var start = new ProcessStartInfo(executable, list) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0
            ? await output.ConfigureAwait(false)
            : throw new CommandFailedException(
                $"`{executable} {string.Join(' ', list)}` exited with {process.ExitCode}: {(await error.ConfigureAwait(false)).Trim()}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new CommandFailedException($"`{start.FileName}` cannot be started: {error.Message}", error);
        }
    }
}
