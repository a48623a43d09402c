using System.Globalization;
using System.Net;
using k8s;
using k8s.KubeConfigModels;
using LocalCluster.ControlPlane.Binaries;
using LocalCluster.ControlPlane.Certificates;
using LocalCluster.ControlPlane.Components;
using LocalCluster.ControlPlane.Network;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane;

/// <summary>
/// A real Kubernetes control plane on this machine: etcd and kube-apiserver, with kube-controller-manager,
/// kube-scheduler and a pod network where asked for. Its processes end with this one, however it ends.
/// </summary>
public sealed class LocalControlPlane : IAsyncDisposable
{
    private static readonly TimeSpan s_restartTimeout = TimeSpan.FromSeconds(60);

    // Released last to first, whatever of it was made when a start fails.
    private readonly Stack<Func<ValueTask>> _cleanup = new();
    private readonly CertificateAuthority _authority = new(TimeProvider.System);
    private ControlPlaneComponents? _components;
    private ControlPlaneFiles _files = null!;

    private LocalControlPlane(ControlPlaneBinaries binaries)
    {
        KubernetesVersion = binaries.KubernetesVersion;
        _cleanup.Push(() =>
        {
            _authority.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>The API server's URL; from pods' namespaces too when there is a pod network.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Version of the Kubernetes executables.</summary>
    public Version KubernetesVersion { get; }

    /// <summary>The certificate authority that signed every certificate of the cluster.</summary>
    public string CaCertificatePem => _authority.Certificate.CertificatePem;

    /// <summary>The administrator's kubeconfig (group <c>system:masters</c>).</summary>
    public string KubeconfigPath => _files.AdminKubeconfigPath;

    /// <summary>Keys and kubeconfigs, and logs unless they go elsewhere; removed on disposal.</summary>
    public string DataDirectory { get; private set; } = null!;

    /// <summary>One log file per component.</summary>
    public string LogDirectory { get; private set; } = null!;

    /// <summary>The pods' network; null when the options asked for none.</summary>
    public PodNetwork? PodNetwork { get; private set; }

    /// <summary>Starts a control plane and waits until it is ready; with a controller-manager, until the namespace
    /// <c>default</c> has its ServiceAccount, without which no pod is admitted.</summary>
    /// <param name="options">What it consists of.</param>
    /// <param name="progress">Gets a line for each step that takes long.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="CommandFailedException">An executable cannot be obtained or does not start; says why and what to do.</exception>
    public static async Task<LocalControlPlane> StartAsync(
        LocalControlPlaneOptions options, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        if (options.PodNetwork)
        {
            // Before the minutes that a build may take.
            PodNetwork.RequireRoot();
        }

        ControlPlaneBinaries binaries = await ControlPlaneBinaryLocator.ObtainAsync(options, progress, cancellationToken).ConfigureAwait(false);
        var plane = new LocalControlPlane(binaries);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StartTimeout);
        try
        {
            await plane.StartComponentsAsync(options, binaries, progress, limit.Token).ConfigureAwait(false);
            return plane;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string? logs = plane._components?.DescribeLogs();
            await plane.DisposeAsync().ConfigureAwait(false);
            throw new CommandFailedException($"The control plane was not ready after {options.StartTimeout.TotalSeconds:0} s.\n{logs}");
        }
        catch
        {
            await plane.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A client of the administrator.</summary>
    /// <param name="server">Where to connect, for example a <see cref="TcpProxy"/>; null for <see cref="Address"/>.</param>
    public Kubernetes CreateClient(Uri? server = null)
    {
        KubernetesClientConfiguration configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(KubeconfigPath);
        configuration.Host = (server ?? Address).ToString();
        return new Kubernetes(configuration);
    }

    /// <summary>A client that acts as a ServiceAccount, by a token of its own (TokenRequest).</summary>
    /// <param name="serviceAccountNamespace">The namespace of the ServiceAccount, which must exist.</param>
    /// <param name="serviceAccountName">Its name.</param>
    /// <param name="server">Where to connect; null for <see cref="Address"/>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<Kubernetes> CreateClientForAsync(
        string serviceAccountNamespace, string serviceAccountName, Uri? server = null, CancellationToken cancellationToken = default)
    {
        K8SConfiguration kubeconfig = await CreateKubeconfigAsync(
            serviceAccountNamespace, serviceAccountName, server, cancellationToken).ConfigureAwait(false);
        return new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigObject(kubeconfig));
    }

    /// <summary>Writes a kubeconfig of a ServiceAccount, for a process that acts as it.</summary>
    /// <returns>The file, in <see cref="DataDirectory"/>.</returns>
    /// <inheritdoc cref="CreateClientForAsync"/>
    public async Task<string> WriteKubeconfigForAsync(
        string serviceAccountNamespace, string serviceAccountName, Uri? server = null, CancellationToken cancellationToken = default)
    {
        K8SConfiguration kubeconfig = await CreateKubeconfigAsync(
            serviceAccountNamespace, serviceAccountName, server, cancellationToken).ConfigureAwait(false);
        string path = Path.Combine(DataDirectory, $"{serviceAccountNamespace}.{serviceAccountName}.yaml");
        KubeconfigFile.Write(path, kubeconfig);
        return path;
    }

    /// <summary>A client that acts as the node <paramref name="nodeName"/> (<c>system:node:NAME</c> of <c>system:nodes</c>).</summary>
    public Kubernetes CreateNodeClient(string nodeName)
    {
        string user = "system:node:" + nodeName;
        return new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigObject(
            KubeconfigFile.ForCertificate(Address, CaCertificatePem, user, _authority.SignClientCertificate(user, "system:nodes"))));
    }

    /// <summary>Signs a serving certificate, for example a node agent's, which the API server verifies when it fetches logs.
    /// The API server's own client certificate is signed by the same authority, <see cref="CaCertificatePem"/>.</summary>
    public PemCertificate SignServingCertificate(IReadOnlyList<string> dnsNames, IReadOnlyList<IPAddress> addresses) =>
        _authority.SignServingCertificate(dnsNames, addresses);

    /// <summary>Stops the API server; etcd and the data stay. <see cref="TimeSpan.Zero"/> kills it.</summary>
    public Task StopApiServerAsync(TimeSpan grace) => _components!.StopApiServerAsync(grace);

    /// <summary>Starts the API server again, with the same address and data, and waits until it is ready.</summary>
    public async Task StartApiServerAsync(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_restartTimeout);
        await _components!.StartApiServerAsync(Address, limit.Token).ConfigureAwait(false);
    }

    /// <summary>Drops all past revisions from etcd. An API server restarted after that answers 410 to watches from before.</summary>
    public Task CompactEtcdAsync(CancellationToken cancellationToken = default) =>
        EtcdMaintenance.CompactAsync(_components!.EtcdAddress, cancellationToken);

    /// <summary>Completes with a description when a component has ended by itself.</summary>
    public Task<string> WaitForComponentExitAsync(CancellationToken cancellationToken) => _components!.WaitForExitAsync(cancellationToken);

    /// <summary>Stops the components in reverse order of their start and removes the network and the data.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_cleanup.TryPop(out Func<ValueTask>? release))
        {
            await release().ConfigureAwait(false);
        }
    }

    private async Task StartComponentsAsync(
        LocalControlPlaneOptions options, ControlPlaneBinaries binaries, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        OwnedDirectory data = Own(OwnedDirectory.Create(Path.GetTempPath()));
        DataDirectory = data.Path;
        LogDirectory = Directory.CreateDirectory(options.LogDirectory ?? Path.Combine(data.Path, "logs")).FullName;
        IPAddress address = await CreateNetworkAsync(options, cancellationToken).ConfigureAwait(false);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{address}:{FreePort.Next(address)}/"));
        _files = ControlPlaneFiles.Write(data.Path, _authority, Address, address);
        ComponentProbe probe = Own(new ComponentProbe(CaCertificatePem));
        var components = new ControlPlaneComponents(binaries, _files, address, Address.Port, LogDirectory, probe);
        _components = components;
        OwnedDirectory etcdData = Own(OwnedDirectory.Create(EtcdMaintenance.FastestDirectory()));
        _cleanup.Push(() => new ValueTask(components.StopAsync()));

        await components.StartEtcdAsync(Path.Combine(etcdData.Path, "etcd"), cancellationToken).ConfigureAwait(false);
        await components.StartApiServerAsync(Address, cancellationToken).ConfigureAwait(false);
        Task scheduler = options.Scheduler ? components.StartSchedulerAsync(cancellationToken) : Task.CompletedTask;
        if (options.ControllerManager)
        {
            await components.StartControllerManagerAsync(cancellationToken).ConfigureAwait(false);
            using Kubernetes client = CreateClient();
            await ServiceAccounts.WaitForDefaultAsync(client, cancellationToken).ConfigureAwait(false);
        }

        await scheduler.ConfigureAwait(false);
        progress?.Report($"Kubernetes {KubernetesVersion} is ready at {Address}");
    }

    private async Task<IPAddress> CreateNetworkAsync(LocalControlPlaneOptions options, CancellationToken cancellationToken)
    {
        if (!options.PodNetwork)
        {
            return IPAddress.Loopback;
        }

        PodNetwork network = await PodNetwork.CreateAsync(cancellationToken).ConfigureAwait(false);
        _cleanup.Push(network.DisposeAsync);
        PodNetwork = network;
        return network.HostAddress;
    }

    private async Task<K8SConfiguration> CreateKubeconfigAsync(
        string serviceAccountNamespace, string serviceAccountName, Uri? server, CancellationToken cancellationToken)
    {
        using Kubernetes admin = CreateClient();
        string token = await ServiceAccounts.RequestTokenAsync(
            admin, serviceAccountNamespace, serviceAccountName, cancellationToken).ConfigureAwait(false);
        return KubeconfigFile.ForToken(server ?? Address, CaCertificatePem, $"{serviceAccountNamespace}:{serviceAccountName}", token);
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _cleanup.Push(() =>
        {
            resource.Dispose();
            return ValueTask.CompletedTask;
        });
        return resource;
    }
}
