using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgents;

/// <summary>Writes a pod's status to the API server whenever it has changed, and only then.</summary>
internal sealed class PodStatusWriter(
    NodeServices node, Func<V1Pod> pod, PodContext context, IReadOnlyList<ContainerRunner> initRunners, IReadOnlyList<ContainerRunner> runners)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    // One waiting signal stands for any number of changes.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _closed = new();
    private readonly DateTime _startTime = node.Time.GetUtcNow().UtcDateTime;
    private (string Reason, string Message)? _failure;
    private V1PodStatus? _written;
    private string _writtenText = "";

    /// <summary>Something may have changed.</summary>
    public void Signal() => _signals.Writer.TryWrite(true);

    /// <summary>Marks the pod failed, whatever its containers say, and stops them.</summary>
    public void FailBy(string reason, string message)
    {
        _failure = (reason, message);
        context.Stop.Request(null);
        Signal();
    }

    /// <summary>Nothing will change any more: writes what is left to write and ends.</summary>
    public void Complete()
    {
        Signal();
        _signals.Writer.TryComplete();
    }

    /// <summary>Ends without writing.</summary>
    public void Close()
    {
        _closed.Cancel();
        _signals.Writer.TryComplete();
    }

    public async Task RunAsync()
    {
        Signal();
        await foreach (var _ in _signals.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            while (!_closed.IsCancellationRequested && !await TryWriteAsync().ConfigureAwait(false))
            {
                await Task.Delay(Retry, node.Time, _closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TryWriteAsync()
    {
        var now = node.Time.GetUtcNow().UtcDateTime;
        var status = new PodStatusBuilder(pod(), initRunners, runners, _written, now).Build(context.Address, node.HostAddress, _startTime, _failure);
        var text = KubernetesJson.Serialize(status);
        if (text == _writtenText)
        {
            return true;
        }

        try
        {
            var patch = new V1Patch(ToPatch(text), V1Patch.PatchType.StrategicMergePatch);
            var metadata = context.Pod.Metadata;
            await node.Client.CoreV1.PatchNamespacedPodStatusAsync(patch, metadata.Name, metadata.NamespaceProperty, cancellationToken: _closed.Token).ConfigureAwait(false);
            (_written, _writtenText) = (status, text);
            return true;
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // The object is gone, or another pod has its name now.
            return true;
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or OperationCanceledException)
        {
            node.Logger.LogWarning("The status of {Pod} could not be written: {Message}", context.FullName, exception.Message);
            return false;
        }
    }

    /// <summary>A merge keeps what it does not mention, so reasons and messages that are no more must be null.</summary>
    private string ToPatch(string status)
    {
        var body = JsonNode.Parse(status)!.AsObject();
        foreach (var condition in body["conditions"]!.AsArray().OfType<JsonObject>())
        {
            condition.TryAdd("reason", null);
            condition.TryAdd("message", null);
        }

        return new JsonObject { ["metadata"] = new JsonObject { ["uid"] = context.Pod.Metadata.Uid }, ["status"] = body }.ToJsonString();
    }
}
