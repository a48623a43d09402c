using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Network;

/// <summary>
/// A Linux bridge with a private /24 that joins this host and the network namespaces of its pods; needs root.
/// There is no route out: host to pod, pod to host and pod to pod only.
/// </summary>
public sealed class PodNetwork : IAsyncDisposable
{
    private const int HostPart = 1;
    private const int FirstPodPart = 2;
    private const int LastPodPart = 254;

    private readonly ConcurrentDictionary<string, PodNetworkNamespace> _namespaces = new();
    private readonly Queue<byte> _freeParts = new(Enumerable.Range(FirstPodPart, LastPodPart - FirstPodPart + 1).Select(part => (byte)part));
    private readonly int _number;
    private int _namespaceCount;

    private PodNetwork(int number)
    {
        _number = number;
        HostAddress = AddressOf(HostPart);
    }

    /// <summary>The bridge's interface name.</summary>
    public string BridgeName => PodNetworkLeftovers.BridgeName(_number);

    /// <summary>The host's address on the bridge, <c>10.250.N.1</c>.</summary>
    public IPAddress HostAddress { get; }

    /// <summary>The addresses of the network, <c>10.250.N.0/24</c>.</summary>
    public IPNetwork Subnet => new(AddressOf(0), 24);

    /// <summary>Creates a network on a free subnet, after removing those whose owners were killed.</summary>
    /// <exception cref="CommandFailedException">Not root, iproute2 is missing, or no subnet of 10.250.0.0/16 is free.</exception>
    public static async Task<PodNetwork> CreateAsync(CancellationToken cancellationToken = default)
    {
        RequireRoot();
        using FileLock held = await FileLock.AcquireAsync(PodNetworkLeftovers.LockPath, cancellationToken).ConfigureAwait(false);
        await PodNetworkLeftovers.RemoveAbandonedAsync(cancellationToken).ConfigureAwait(false);
        var network = new PodNetwork(FindFreeNumber());
        await Ip(cancellationToken, "link", "add", "name", network.BridgeName, "type", "bridge").ConfigureAwait(false);
        await Ip(cancellationToken, "link", "set", "dev", network.BridgeName, "alias", ProcessIdentity.Current.ToString()).ConfigureAwait(false);
        await Ip(cancellationToken, "address", "add", $"{network.HostAddress}/24", "dev", network.BridgeName).ConfigureAwait(false);
        await Ip(cancellationToken, "link", "set", "dev", network.BridgeName, "up").ConfigureAwait(false);
        return network;
    }

    /// <summary>Fails with the remedy when this process may not make networks.</summary>
    /// <exception cref="CommandFailedException">Not root.</exception>
    public static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new CommandFailedException(
                "A cluster with pods needs root: it makes a network bridge and network namespaces. "
                + "Run it with sudo, or without pods (--api-server-only; PodNetwork = false).");
        }
    }

    /// <summary>Adds a namespace with an address of its own.</summary>
    /// <exception cref="CommandFailedException">All addresses are taken, or the kernel refused.</exception>
    public async Task<PodNetworkNamespace> AddNamespaceAsync(CancellationToken cancellationToken = default)
    {
        byte part = TakePart();
        int serial = Interlocked.Increment(ref _namespaceCount);
        string name = string.Create(CultureInfo.InvariantCulture, $"{PodNetworkLeftovers.NamespacePrefix(_number)}{serial}");
        // At most 15 characters (IFNAMSIZ); unique while the namespace lives, since the address is.
        string hostEnd = string.Create(CultureInfo.InvariantCulture, $"{BridgeName}v{part}");
        try
        {
            await Ip(cancellationToken, "netns", "add", name).ConfigureAwait(false);
            await Ip(cancellationToken, "link", "add", hostEnd, "type", "veth", "peer", "name", "eth0", "netns", name).ConfigureAwait(false);
            await Ip(cancellationToken, "link", "set", "dev", hostEnd, "master", BridgeName, "up").ConfigureAwait(false);
            await Ip(cancellationToken, "-n", name, "address", "add", $"{AddressOf(part)}/24", "dev", "eth0").ConfigureAwait(false);
            await Ip(cancellationToken, "-n", name, "link", "set", "dev", "eth0", "up").ConfigureAwait(false);
            await Ip(cancellationToken, "-n", name, "link", "set", "dev", "lo", "up").ConfigureAwait(false);
        }
        catch
        {
            await PodNetworkLeftovers.RemoveNamespaceAsync(name).ConfigureAwait(false);
            ReturnPart(part);
            throw;
        }

        var added = new PodNetworkNamespace(name, AddressOf(part), Release);
        _namespaces[name] = added;
        return added;
    }

    /// <summary>Removes the namespaces and the bridge.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (PodNetworkNamespace added in _namespaces.Values)
        {
            await added.DisposeAsync().ConfigureAwait(false);
        }

        await PodNetworkLeftovers.RemoveAsync(_number).ConfigureAwait(false);
    }

    private static Task Ip(CancellationToken cancellationToken, params string[] arguments) =>
        Command.RunAsync("ip", arguments, cancellationToken);

    private static int FindFreeNumber()
    {
        UnicastIPAddressInformation[] taken = [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)];
        foreach (int number in Enumerable.Range(0, 255))
        {
            var subnet = new IPNetwork(new IPAddress([10, 250, (byte)number, 0]), 24);
            bool isFree = !Directory.Exists("/sys/class/net/" + PodNetworkLeftovers.BridgeName(number))
                && !taken.Any(address => subnet.Contains(address.Address));
            if (isFree)
            {
                return number;
            }
        }

        throw new CommandFailedException(
            $"Every /24 of 10.250.0.0/16 is in use; remove bridges that are no longer needed (`ip link show type bridge`).");
    }

    private IPAddress AddressOf(int hostPart) => new([10, 250, (byte)_number, (byte)hostPart]);

    private byte TakePart()
    {
        lock (_freeParts)
        {
            // First freed, last reused: a new pod does not inherit the connections of one just gone.
            return _freeParts.TryDequeue(out byte part)
                ? part
                : throw new CommandFailedException($"All {LastPodPart - FirstPodPart + 1} addresses of {Subnet} are taken; remove pods first.");
        }
    }

    private void ReturnPart(byte part)
    {
        lock (_freeParts)
        {
            _freeParts.Enqueue(part);
        }
    }

    private void Release(PodNetworkNamespace removed)
    {
        _namespaces.TryRemove(removed.Name, out _);
        ReturnPart(removed.Address.GetAddressBytes()[3]);
    }
}
