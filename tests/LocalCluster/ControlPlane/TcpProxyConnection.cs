using System.Net;
using System.Net.Sockets;

namespace LocalCluster.ControlPlane;

/// <summary>One proxied connection.</summary>
internal sealed class TcpProxyConnection(Socket client, TcpProxyGate gate)
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _reset = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _silenced;

    /// <summary>Completes when both ends are closed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Swallows all bytes from now on, and both ends' closing too.</summary>
    public void Silence() => _silenced = true;

    /// <summary>Sends RST to both ends.</summary>
    public void Reset()
    {
        try
        {
            _reset.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Just closed by itself.
        }
    }

    /// <summary>Forwards until an end closes or the connection is reset.</summary>
    public async Task RunAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _reset.Token);
        try
        {
            await gate.WaitAsync(stop.Token).ConfigureAwait(false);
            await _server.ConnectAsync(target, stop.Token).ConfigureAwait(false);
            client.NoDelay = _server.NoDelay = true;
            await Task.WhenAll(PumpAsync(client, _server, stop.Token), PumpAsync(_server, client, stop.Token)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // The server refused, an end reset, or Reset: both ends get RST below, as through a router.
            client.LingerState = _server.LingerState = new LingerOption(true, 0);
        }
        finally
        {
            client.Dispose();
            _server.Dispose();
            _reset.Dispose();
            _completion.SetResult();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        while (true)
        {
            int read = await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_silenced && read == 0)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            }

            if (read == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            for (int sent = 0; sent < read && !_silenced;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
