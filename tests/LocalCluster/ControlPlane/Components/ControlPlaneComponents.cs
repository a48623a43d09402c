using System.Globalization;
using System.Net;
using LocalCluster.ControlPlane.Binaries;
using LocalCluster.ControlPlane.Network;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Components;

/// <summary>The running processes of a control plane; started one by one, stopped in reverse.</summary>
internal sealed class ControlPlaneComponents(
    ControlPlaneBinaries binaries, ControlPlaneFiles files, IPAddress address, int port, string logDirectory, ComponentProbe probe)
{
    // In the order of start. etcd is first, so that it is stopped last.
    private readonly List<ParentBoundProcess> _running = [];
    private ParentBoundProcess? _apiServer;

    /// <summary>How long a component may take to end by itself.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    /// <summary>Where etcd serves clients, plain HTTP on the loopback interface.</summary>
    public Uri EtcdAddress { get; } = Loopback("http");

    /// <summary>Starts etcd and waits until it is healthy.</summary>
    public async Task StartEtcdAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        string[] arguments = ComponentArguments.Etcd(dataDirectory, EtcdAddress, Loopback("http"));
        ParentBoundProcess etcd = await StartAsync("etcd", binaries.Etcd, arguments).ConfigureAwait(false);
        await probe.WaitAsync(etcd, new Uri(EtcdAddress, "health"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the API server, again after <see cref="StopApiServerAsync"/>, and waits until it is ready.</summary>
    public async Task StartApiServerAsync(Uri server, CancellationToken cancellationToken)
    {
        string[] arguments = ComponentArguments.ApiServer(binaries.KubernetesVersion, files, EtcdAddress, address, port);
        _apiServer = await StartAsync("kube-apiserver", binaries.ApiServer, arguments).ConfigureAwait(false);
        await probe.WaitAsync(_apiServer, new Uri(server, "readyz"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the API server only.</summary>
    public async Task StopApiServerAsync(TimeSpan grace)
    {
        if (_apiServer is not null)
        {
            _running.Remove(_apiServer);
            await _apiServer.StopAsync(grace).ConfigureAwait(false);
            await _apiServer.DisposeAsync().ConfigureAwait(false);
            _apiServer = null;
        }
    }

    /// <summary>Starts kube-controller-manager and waits until it is healthy.</summary>
    public async Task StartControllerManagerAsync(CancellationToken cancellationToken)
    {
        Uri own = Loopback("https");
        string[] arguments = ComponentArguments.ControllerManager(binaries.KubernetesVersion, files, own.Port);
        ParentBoundProcess started =
            await StartAsync("kube-controller-manager", binaries.ControllerManager, arguments).ConfigureAwait(false);
        await probe.WaitAsync(started, new Uri(own, "healthz"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts kube-scheduler and waits until it is healthy.</summary>
    public async Task StartSchedulerAsync(CancellationToken cancellationToken)
    {
        Uri own = Loopback("https");
        string[] arguments = ComponentArguments.Scheduler(binaries.KubernetesVersion, files, own.Port);
        ParentBoundProcess started = await StartAsync("kube-scheduler", binaries.Scheduler, arguments).ConfigureAwait(false);
        await probe.WaitAsync(started, new Uri(own, "healthz"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes when any component has ended.</summary>
    /// <returns>What ended and how, with the end of its log.</returns>
    public async Task<string> WaitForExitAsync(CancellationToken cancellationToken)
    {
        ParentBoundProcess[] watched = [.. _running];
        Task first = await Task.WhenAny(watched.Select(process => process.WaitForExitAsync(cancellationToken))).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        return watched.First(process => process.HasExited).DescribeExit();
    }

    /// <summary>The end of each component's log, for a start that takes too long.</summary>
    public string DescribeLogs() => string.Join('\n', _running.Select(process => $"The end of {process.Name}'s log:\n{process.LogTail(5)}"));

    /// <summary>Stops all, the last started first.</summary>
    public async Task StopAsync()
    {
        foreach (ParentBoundProcess component in Enumerable.Reverse(_running).ToArray())
        {
            await component.StopAsync(s_grace).ConfigureAwait(false);
            await component.DisposeAsync().ConfigureAwait(false);
        }

        _running.Clear();
        _apiServer = null;
    }

    private static Uri Loopback(string scheme) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{FreePort.Next(IPAddress.Loopback)}/"));

    private async Task<ParentBoundProcess> StartAsync(string name, string executable, string[] arguments)
    {
        string logPath = Path.Combine(logDirectory, name + ".log");
        ParentBoundProcess started = await ParentBoundProcess.StartAsync(name, executable, arguments, logPath).ConfigureAwait(false);
        _running.Add(started);
        return started;
    }
}
