using System.Collections.Concurrent;
using k8s.Autorest;
using k8s.Models;
using LocalCluster.ControlPlane.Processes;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgents;

/// <summary>Plays kubelet for local processes: runs the pods that are bound to its node, in sandboxes on this machine, and tells the truth about them.</summary>
public sealed class NodeAgent : IAsyncDisposable
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);
    private readonly NodeServices _node;
    private readonly LogServer _logs;
    private readonly NodeRegistration _registration;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, PodWorker> _workers = new();
    private Task _loops = Task.CompletedTask;

    private NodeAgent(NodeServices node)
    {
        _node = node;
        _logs = new LogServer(node, () => _workers.Values);
        _registration = new NodeRegistration(node, _logs.Port);
    }

    public string NodeName => _node.Options.NodeName;

    /// <summary>Starts the agent and returns once its node is registered and ready.</summary>
    /// <exception cref="CommandFailedException">This machine cannot run sandboxes; the message says what helps.</exception>
    public static async Task<NodeAgent> StartAsync(NodeAgentOptions options, CancellationToken cancellation = default)
    {
        HostRequirements.Require();
        Directory.CreateDirectory(options.StateDirectory);
        var agent = new NodeAgent(new NodeServices(options));
        try
        {
            await agent._logs.StartAsync(cancellation).ConfigureAwait(false);
            await agent._registration.RegisterAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await agent._logs.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var stopping = agent._stopping.Token;
        var watcher = new PodWatcher(options.Client, options.NodeName, agent._node.Logger, options.Time);
        agent._loops = Task.WhenAll(
            Task.Run(() => watcher.RunAsync(agent.Accept, agent.Remove, stopping), CancellationToken.None),
            Task.Run(() => agent._registration.KeepAsync(stopping), CancellationToken.None));
        return agent;
    }

    /// <summary>Ends every process at once, marks the node not ready and leaves its pods' objects as they are, as a stopping kubelet does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var worker in _workers.Values)
        {
            worker.Abandon();
        }

        await Task.WhenAll(_workers.Values.Select(worker => worker.Completion)).ConfigureAwait(false);
        await _logs.DisposeAsync().ConfigureAwait(false);
        await SayFarewellAsync().ConfigureAwait(false);
    }

    private void Accept(V1Pod pod)
    {
        if (_workers.TryGetValue(pod.Metadata.Uid, out var worker))
        {
            worker.Update(pod);
            return;
        }

        worker = new PodWorker(_node, pod);
        _workers[pod.Metadata.Uid] = worker;
        worker.Update(pod);
        _ = worker.Completion.ContinueWith(_ => _workers.TryRemove(pod.Metadata.Uid, out var _), TaskScheduler.Default);
    }

    private void Remove(string uid)
    {
        if (_workers.TryGetValue(uid, out var worker))
        {
            worker.Abandon();
        }
    }

    private async Task SayFarewellAsync()
    {
        using var limit = new CancellationTokenSource(LongestFarewell);
        try
        {
            await _registration.MarkStoppedAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or OperationCanceledException)
        {
            // The API server may have stopped before.
            _node.Logger.LogInformation("Node {Node} could not be marked as stopped: {Message}", NodeName, exception.Message);
        }
    }
}
