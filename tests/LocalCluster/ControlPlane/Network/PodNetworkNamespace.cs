using System.Net;

namespace LocalCluster.ControlPlane.Network;

/// <summary>A network namespace on a <see cref="PodNetwork"/>: one pod's loopback interface and <c>eth0</c>.</summary>
public sealed class PodNetworkNamespace : IAsyncDisposable
{
    private readonly Action<PodNetworkNamespace> _release;
    private int _disposed;

    internal PodNetworkNamespace(string name, IPAddress address, Action<PodNetworkNamespace> release)
    {
        Name = name;
        Address = address;
        _release = release;
    }

    /// <summary>The namespace's name, as <c>ip netns exec NAME</c> takes it.</summary>
    public string Name { get; }

    /// <summary>The namespace's file, as <c>nsenter --net=PATH</c> takes it.</summary>
    public string Path => "/run/netns/" + Name;

    /// <summary>The address of <c>eth0</c>, reachable from the host and from the network's other namespaces.</summary>
    public IPAddress Address { get; }

    /// <summary>Removes the namespace with its interfaces and frees the address. Processes in it lose their network.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await PodNetworkLeftovers.RemoveNamespaceAsync(Name).ConfigureAwait(false);
            _release(this);
        }
    }
}
