using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LocalCluster.ControlPlane.Network;

/// <summary>Finds TCP ports to listen on.</summary>
public static class FreePort
{
    // Below Linux's ephemeral range (32768 up), so that no outgoing connection takes the port between here and
    // the listen call, or while the API server restarts.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Attempts = 200;

    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    /// <summary>A port that nothing listens on at <paramref name="address"/> and that this process has not been given before.</summary>
    /// <exception cref="IOException">No free port was found.</exception>
    public static int Next(IPAddress address)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int port = Random.Shared.Next(First, Last);
            if (s_given.TryAdd(port, true) && CanListen(address, port))
            {
                return port;
            }
        }

        throw new IOException($"{Attempts} ports between {First} and {Last} on {address} are all in use; end the processes that hold them.");
    }

    private static bool CanListen(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
