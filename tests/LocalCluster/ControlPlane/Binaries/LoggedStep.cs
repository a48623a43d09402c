using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Binaries;

/// <summary>Runs long commands with their output in a log file and a line of progress now and then.</summary>
/// <param name="logPath">The log file; appended to.</param>
/// <param name="progress">Gets the lines.</param>
/// <param name="time">Measures the time elapsed.</param>
internal sealed class LoggedStep(string logPath, IProgress<string>? progress, TimeProvider time)
{
    private const int TailLines = 25;
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    /// <summary>Runs <paramref name="command"/> to its end.</summary>
    /// <param name="description">What it does, for the lines of progress.</param>
    /// <param name="command">The executable and its arguments.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <exception cref="CommandFailedException">Its exit status is not 0; holds the end of the log.</exception>
    public async Task RunAsync(string description, string[] command, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        await using ParentBoundProcess process =
            await ParentBoundProcess.StartAsync(description, command[0], command[1..], logPath).ConfigureAwait(false);
        try
        {
            Task exited = process.WaitForExitAsync(cancellationToken);
            while (await Task.WhenAny(exited, Task.Delay(s_reportInterval, time, cancellationToken)).ConfigureAwait(false) != exited)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report($"  {description}: {time.GetElapsedTime(start):m\\:ss} so far");
            }

            await exited.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync(s_grace).ConfigureAwait(false);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new CommandFailedException(
                $"{description} failed with exit status {process.ExitCode}. The end of its log, {logPath}:\n{process.LogTail(TailLines)}");
        }
    }
}
