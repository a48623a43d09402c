using k8s;
using k8s.Autorest;
using k8s.Models;
using LocalCluster.ControlPlane.Network;
using LocalCluster.ControlPlane.Processes;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgents;

/// <summary>Lives one pod's life, apart from all others: network, volumes, init containers, containers, end.</summary>
internal sealed class PodWorker
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly NodeServices _node;
    private readonly PodContext _context;
    private readonly PodStop _stop = new();
    private readonly PodStatusWriter _status;
    private readonly List<ContainerRunner> _initRunners;
    private readonly List<ContainerRunner> _runners;
    private PodNetworkNamespace? _network;
    private readonly TaskCompletionSource _removal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _abandoned;

    public PodWorker(NodeServices node, V1Pod pod)
    {
        _node = node;
        Pod = pod;
        var directory = Path.Combine(node.Options.StateDirectory, "pods", pod.Metadata.Uid);
        var fields = new PodFields(() => Pod, () => _context!.Address, node.Options.Capacity, node.HostAddress);
        _context = new PodContext(pod, directory, node, _stop, () => _status!.Signal())
        {
            Volumes = new PodVolumes(pod, fields, Path.Combine(directory, "volumes"), node),
            Environment = new EnvironmentBuilder(pod, fields, node)
        };
        var hasInit = pod.Spec.InitContainers is { Count: > 0 };
        _initRunners = [.. (pod.Spec.InitContainers ?? []).Select(container => new ContainerRunner(_context, container, true, "PodInitializing"))];
        _runners = [.. pod.Spec.Containers.Select(container => new ContainerRunner(_context, container, false, hasInit ? "PodInitializing" : "ContainerCreating"))];
        _status = new PodStatusWriter(node, () => Pod, _context, _initRunners, _runners);
        Completion = Task.Run(RunAsync);
    }

    /// <summary>The newest version of the pod.</summary>
    public V1Pod Pod { get; private set; }

    /// <summary>Ends when nothing of the pod is left on this machine.</summary>
    public Task Completion { get; }

    /// <summary>Where a container's logs lie; null where the pod has no such container.</summary>
    public (string Folder, ContainerSnapshot Snapshot)? LogsOf(string container) =>
        _initRunners.Concat(_runners).FirstOrDefault(runner => runner.Container.Name == container) is { } found
            ? (_context.ContainerDirectory(container), found.Snapshot)
            : null;

    /// <summary>Takes note of a new version of the pod, which may ask for its end.</summary>
    public void Update(V1Pod pod)
    {
        Pod = pod;
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            _stop.Request(TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? 0));
            _removal.TrySetResult();
        }
    }

    /// <summary>Ends the pod's processes at once and tells the API server nothing: the object is gone, or the agent stops.</summary>
    public void Abandon()
    {
        _abandoned = true;
        _status.Close();
        _stop.Kill();
        _removal.TrySetResult();
    }

    private async Task RunAsync()
    {
        try
        {
            // A pod that ended before this agent began has nothing to run; it only waits for its removal.
            await (Pod.Status?.Phase is "Succeeded" or "Failed" ? Task.CompletedTask : LiveAsync()).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _node.Logger.LogError(exception, "Pod {Pod} failed in the node agent.", _context.FullName);
            await _context.EventAsync(null, "Warning", "NodeAgentError", exception.Message).ConfigureAwait(false);
        }

        await _removal.Task.ConfigureAwait(false);
        CleanUp();
        if (!_abandoned)
        {
            await DeleteObjectAsync().ConfigureAwait(false);
        }
    }

    private async Task LiveAsync()
    {
        var writing = _status.RunAsync();
        try
        {
            if (await SetUpAsync().ConfigureAwait(false))
            {
                await RunContainersAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await RemoveNetworkAsync().ConfigureAwait(false);
            _status.Complete();
            await writing.ConfigureAwait(false);
        }
    }

    private async Task RunContainersAsync()
    {
        using var deadline = new ActiveDeadline(_context, () => _status.FailBy(ActiveDeadline.Reason, ActiveDeadline.Message));
        using var refreshing = CancellationTokenSource.CreateLinkedTokenSource(_stop.Requested);
        var refresh = RefreshVolumesAsync(refreshing.Token);
        if (await RunInitContainersAsync().ConfigureAwait(false))
        {
            await Task.WhenAll(_runners.Select(runner => runner.RunAsync())).ConfigureAwait(false);
        }

        await refreshing.CancelAsync().ConfigureAwait(false);
        await refresh.ConfigureAwait(false);
    }

    private async Task<bool> RunInitContainersAsync()
    {
        foreach (var runner in _initRunners)
        {
            if (!await runner.RunAsync().ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives the pod its network and volumes, trying until both stand; false where the pod is stopped before.</summary>
    private async Task<bool> SetUpAsync()
    {
        string? last = null;
        while (!_stop.Requested.IsCancellationRequested)
        {
            try
            {
                await AddNetworkAsync().ConfigureAwait(false);
                await _context.Volumes.PrepareAsync(_stop.Requested).ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (!_stop.Requested.IsCancellationRequested)
            {
                // The first failure may only mean that the node authorizer or a just created object is a moment behind.
                if (exception.Message == last)
                {
                    await _context.EventAsync(null, "Warning", _network is null ? "FailedCreatePodSandBox" : "FailedMount", exception.Message).ConfigureAwait(false);
                }

                last = exception.Message;
                await Task.Delay(Retry / 2, _node.Time, _stop.Requested).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return false;
    }

    private async Task AddNetworkAsync()
    {
        if (_network is null)
        {
            _network = await _node.Options.Network.AddNamespaceAsync(_stop.Killed).ConfigureAwait(false);
            _context.NetworkNamespacePath = _network.Path;
            _context.Address = _network.Address.ToString();
            _status.Signal();
        }
    }

    /// <summary>All containers have ended: an ended pod keeps its logs, but no network.</summary>
    private async Task RemoveNetworkAsync()
    {
        try
        {
            await (_network?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false);
        }
        catch (CommandFailedException problem)
        {
            _node.Logger.LogWarning("The network of {Pod} was not removed: {Message}", _context.FullName, problem.Message);
        }
    }

    private async Task RefreshVolumesAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(Retry, _node.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await _context.Volumes.PrepareAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is VolumeNotReadyException or HttpOperationException or HttpRequestException or OperationCanceledException)
            {
                // A running pod keeps the files that it has.
                _node.Logger.LogDebug("Volumes of {Pod} were not refreshed: {Message}", _context.FullName, exception.Message);
            }
        }
    }

    private void CleanUp()
    {
        _node.Events.Forget(Pod);
        try
        {
            Directory.Delete(_context.Directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The pod never came so far.
        }
        catch (IOException problem)
        {
            _node.Logger.LogWarning("The folder of {Pod} was not removed: {Message}", _context.FullName, problem.Message);
        }
    }

    /// <summary>Tells the API server that nothing is left, which removes the object.</summary>
    private async Task DeleteObjectAsync()
    {
        while (!_abandoned)
        {
            try
            {
                var options = new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = Pod.Metadata.Uid } };
                await _node.Client.CoreV1.DeleteNamespacedPodAsync(Pod.Metadata.Name, Pod.Metadata.NamespaceProperty, options).ConfigureAwait(false);
                return;
            }
            catch (HttpOperationException exception) when (exception.Response.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or OperationCanceledException)
            {
                _node.Logger.LogWarning("Pod {Pod} could not be deleted yet: {Message}", _context.FullName, exception.Message);
                await Task.Delay(Retry, _node.Time).ConfigureAwait(false);
            }
        }
    }
}
