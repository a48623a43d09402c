using System.Net;
using System.Net.Sockets;

namespace Leanserve.Server.Tests.Support;

/// <summary>A port that nobody listens on right now.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
