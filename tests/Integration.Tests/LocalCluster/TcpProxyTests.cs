using System.Net;
using System.Net.Sockets;
using System.Text;
using LocalCluster.ControlPlane;

namespace Integration.Tests.LocalCluster;

public sealed class TcpProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_shortWhile = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private TcpProxy _proxy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _proxy = TcpProxy.Start(new Uri($"https://127.0.0.1:{((IPEndPoint)_server.LocalEndpoint).Port}"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Connection_BothDirections_AreForwarded_AndClosingToo()
    {
        (Socket client, Socket server) = await ConnectAsync();
        using (client)
        using (server)
        {
            await client.SendAsync("ping"u8.ToArray(), Cancel);
            Assert.Equal("ping", await ReceiveAsync(server));
            await server.SendAsync("pong"u8.ToArray(), Cancel);
            Assert.Equal("pong", await ReceiveAsync(client));

            client.Shutdown(SocketShutdown.Send);
            Assert.Equal("", await ReceiveAsync(server));
        }

        await Eventually.TrueAsync(() => _proxy.OpenConnections == 0, s_patience);
    }

    [Fact]
    public async Task ResetConnections_OpenConnection_IsResetAtBothEnds_AndNewOnesPass()
    {
        (Socket client, Socket server) = await ConnectAsync();

        _proxy.ResetConnections();

        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client))).SocketErrorCode);
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(server))).SocketErrorCode);
        (Socket again, Socket _) = await ConnectAsync();
        await again.SendAsync("x"u8.ToArray(), Cancel);
        Assert.Equal(2, _proxy.AcceptedConnections);
    }

    [Fact]
    public async Task Pause_OpenConnection_HoldsBytesUntilResume()
    {
        (Socket client, Socket server) = await ConnectAsync();

        _proxy.Pause();
        await client.SendAsync("late"u8.ToArray(), Cancel);
        Task<string> received = ReceiveAsync(server);
        Task first = await Task.WhenAny(received, Task.Delay(s_shortWhile, Cancel));
        Assert.NotSame(received, first);
        _proxy.Resume();

        Assert.Equal("late", await received);
    }

    [Fact]
    public async Task SilenceConnections_OpenConnection_StaysSilentForGood_AndNewOnesPass()
    {
        (Socket client, Socket server) = await ConnectAsync();

        _proxy.SilenceConnections();
        await server.SendAsync("lost"u8.ToArray(), Cancel);
        server.Shutdown(SocketShutdown.Send);
        Task<string> received = ReceiveAsync(client);
        Task first = await Task.WhenAny(received, Task.Delay(s_shortWhile, Cancel));

        Assert.NotSame(received, first);
        (Socket again, Socket serverAgain) = await ConnectAsync();
        await again.SendAsync("heard"u8.ToArray(), Cancel);
        Assert.Equal("heard", await ReceiveAsync(serverAgain));
    }

    [Fact]
    public async Task Refuse_NewConnection_IsRefusedUntilResume()
    {
        _proxy.Refuse();
        var refused = await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        _proxy.Resume();
        (Socket client, Socket server) = await ConnectAsync();

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await client.SendAsync("back"u8.ToArray(), Cancel);
        Assert.Equal("back", await ReceiveAsync(server));
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[64];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(s_patience);
        int read = await socket.ReceiveAsync(buffer, limit.Token);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, Cancel);
        return (client, await _server.AcceptSocketAsync(Cancel));
    }
}
