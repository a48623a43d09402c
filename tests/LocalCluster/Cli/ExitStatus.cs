using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.Cli;

/// <summary>Turns how a command's work ends into an exit status.</summary>
internal static class ExitStatus
{
    private const int Succeeded = 0;
    private const int Failed = 1;

    // 128 + SIGINT, as shells do.
    private const int Interrupted = 130;

    /// <summary>0 when <paramref name="work"/> completes; 1, with the message on standard error, when what it depends on failed.</summary>
    public static async Task<int> OfAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work().ConfigureAwait(false);
            return Succeeded;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (CommandFailedException error)
        {
            Console.Error.WriteLine(error.Message);
            return Failed;
        }
    }
}
