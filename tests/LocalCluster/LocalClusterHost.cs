using LocalCluster.ControlPlane;
using LocalCluster.ControlPlane.Binaries;
using LocalCluster.ControlPlane.Network;
using LocalCluster.ControlPlane.Processes;
using LocalCluster.NodeAgents;

namespace LocalCluster;

/// <summary>A whole Kubernetes cluster on this machine: the control plane and a node agent for each node; needs root. All ends with this process.</summary>
public sealed class LocalClusterHost : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _cleanup = new();

    private LocalClusterHost(LocalControlPlane controlPlane)
    {
        ControlPlane = controlPlane;
        _cleanup.Push(controlPlane.DisposeAsync);
    }

    public LocalControlPlane ControlPlane { get; }

    /// <summary>Starts the cluster and returns once its nodes are registered and ready.</summary>
    /// <param name="options">What it consists of.</param>
    /// <param name="progress">Gets a line for each step that takes long.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">Two nodes have the same name, or the control plane has no pod network.</exception>
    /// <exception cref="CommandFailedException">The machine lacks what it takes, and it cannot be installed; says what to do.</exception>
    public static async Task<LocalClusterHost> StartAsync(
        LocalClusterOptions options, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!options.ControlPlane.PodNetwork || options.Nodes.DistinctBy(node => node.Name).Count() != options.Nodes.Count)
        {
            throw new ArgumentException("Nodes need ControlPlane.PodNetwork = true and names that differ: "
                + string.Join(", ", options.Nodes.Select(node => node.Name)), nameof(options));
        }

        // Before the packages: they are of no use to a user who may not make networks.
        PodNetwork.RequireRoot();
        await DebianPackages.EnsureAsync(DebianPackage.Runtime, progress, cancellationToken).ConfigureAwait(false);
        var host = new LocalClusterHost(await LocalControlPlane.StartAsync(options.ControlPlane, progress, cancellationToken).ConfigureAwait(false));
        try
        {
            foreach (var node in options.Nodes)
            {
                await host.StartNodeAsync(options, node, cancellationToken).ConfigureAwait(false);
                progress?.Report($"Node {node.Name} is ready");
            }

            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends all pods, the node agents and the control plane.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_cleanup.TryPop(out var release))
        {
            await release().ConfigureAwait(false);
        }
    }

    private async Task StartNodeAsync(LocalClusterOptions options, LocalNodeOptions node, CancellationToken cancellationToken)
    {
        var network = ControlPlane.PodNetwork!;
        var client = ControlPlane.CreateNodeClient(node.Name);
        var certificate = ControlPlane.SignServingCertificate([node.Name], [network.HostAddress]).ToX509Certificate();
        _cleanup.Push(() =>
        {
            client.Dispose();
            certificate.Dispose();
            return ValueTask.CompletedTask;
        });
        var machine = NodeCapacity.OfThisMachine();
        var agent = await NodeAgent.StartAsync(
            new NodeAgentOptions
            {
                NodeName = node.Name,
                Client = client,
                ApiServer = ControlPlane.Address,
                Network = network,
                StateDirectory = Path.Combine(ControlPlane.DataDirectory, "nodes", node.Name),
                Images = options.Images,
                ServingCertificate = certificate,
                CaCertificatePem = ControlPlane.CaCertificatePem,
                Capacity = machine with { GpuCount = node.Gpus?.Count ?? 0 },
                Labels = (node.Gpus?.Labels() ?? []).Concat(node.Labels).ToDictionary(),
                Taints = node.Gpus is null ? [] : [GpuOffer.Taint()],
                LoggerFactory = options.LoggerFactory
            },
            cancellationToken).ConfigureAwait(false);
        _cleanup.Push(agent.DisposeAsync);
    }
}
