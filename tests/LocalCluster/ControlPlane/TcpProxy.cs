using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LocalCluster.ControlPlane;

/// <summary>
/// Forwards TCP connections to the API server and breaks them as networks do, for tests of reconnection.
/// The API server's certificate is valid for <see cref="Address"/>.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly ConcurrentDictionary<TcpProxyConnection, bool> _connections = new();
    private readonly TcpProxyGate _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _listening = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _acceptedConnections;

    private TcpProxy(IPEndPoint target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Where the proxy listens.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{Port}/"));

    /// <summary>The port that the proxy listens on, the same for its whole life.</summary>
    public int Port { get; }

    /// <summary>Connections accepted so far; its growth is the rate of reconnection.</summary>
    public int AcceptedConnections => Volatile.Read(ref _acceptedConnections);

    /// <summary>Connections open now, silenced ones included.</summary>
    public int OpenConnections => _connections.Count;

    /// <summary>Starts a proxy on a free port of 127.0.0.1.</summary>
    /// <param name="target">The server behind it: <see cref="LocalControlPlane.Address"/>.</param>
    public static TcpProxy Start(Uri target) => new(new IPEndPoint(IPAddress.Parse(target.Host), target.Port));

    /// <summary>Resets every open connection (TCP RST, both ends). New ones are forwarded.</summary>
    public void ResetConnections()
    {
        foreach (TcpProxyConnection connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>
    /// Makes every open connection half-open for good: nothing passes any more and neither end learns of it, as when
    /// a NAT table is lost. New connections are forwarded.
    /// </summary>
    public void SilenceConnections()
    {
        foreach (TcpProxyConnection connection in _connections.Keys)
        {
            connection.Silence();
        }
    }

    /// <summary>
    /// Holds all bytes back until <see cref="Resume"/>, on open and on new connections, as in a network partition; then they pass.
    /// </summary>
    public void Pause() => _gate.Close();

    /// <summary>Refuses new connections (ECONNREFUSED) until <see cref="Resume"/>. Open ones stay.</summary>
    public void Refuse()
    {
        lock (_listening)
        {
            _listener?.Stop();
            _listener = null;
        }
    }

    /// <summary>Ends <see cref="Pause"/> and <see cref="Refuse"/>.</summary>
    public void Resume()
    {
        _gate.Open();
        lock (_listening)
        {
            if (_listener is null)
            {
                _listener = new TcpListener(IPAddress.Loopback, Port);
                _listener.Start();
                _accepting = AcceptAsync(_listener);
            }
        }
    }

    /// <summary>Closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        Refuse();
        await _stop.CancelAsync().ConfigureAwait(false);
        ResetConnections();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys.Select(connection => connection.Completion)).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The listener was stopped, by Refuse or disposal.
                return;
            }

            Interlocked.Increment(ref _acceptedConnections);
            var connection = new TcpProxyConnection(client, _gate);
            _connections[connection] = true;
            _ = connection.RunAsync(_target, _stop.Token).ContinueWith(
                _ => _connections.TryRemove(connection, out bool _), TaskScheduler.Default);
        }
    }
}
