namespace Leanserve.Server.Hosting;

/// <summary>Ends requests that are still running when the drain time is over.</summary>
public sealed class Shutdown : IDisposable
{
    private readonly CancellationTokenSource source = new();

    /// <summary>Cancelled when no answer may go on.</summary>
    public CancellationToken Deadline => source.Token;

    /// <summary>The drain time is over.</summary>
    public void Expire() => source.Cancel();

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
