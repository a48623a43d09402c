using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgents;

/// <summary>Registers the node, and keeps its Lease and its status fresh.</summary>
internal sealed class NodeRegistration(NodeServices node, int logPort)
{
    private const string LeaseNamespace = "kube-node-lease";
    private const int LeaseSeconds = 40;
    private static readonly TimeSpan LeasePeriod = TimeSpan.FromSeconds(10);
    private const int LeasesPerStatus = 6;
    private readonly NodeObjectBuilder _builder = new(node.Options, logPort);
    private readonly string _name = node.Options.NodeName;

    /// <summary>Creates the node, or takes over one that an earlier agent of this name left.</summary>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        try
        {
            await node.Client.CoreV1.CreateNodeAsync(_builder.Node(), cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.Conflict)
        {
            var labels = KubernetesJson.Serialize(new { metadata = new { labels = _builder.Labels() } });
            await node.Client.CoreV1.PatchNodeAsync(new V1Patch(labels, V1Patch.PatchType.StrategicMergePatch), _name, cancellationToken: cancellation).ConfigureAwait(false);
        }

        await WriteLeaseAsync(cancellation).ConfigureAwait(false);
        await WriteStatusAsync(ready: true, cancellation).ConfigureAwait(false);
    }

    /// <summary>Renews Lease and status until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LeasePeriod, node.Time);
        for (var beat = 1; !cancellation.IsCancellationRequested; beat++)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
                await WriteLeaseAsync(cancellation).ConfigureAwait(false);
                if (beat % LeasesPerStatus == 0)
                {
                    await WriteStatusAsync(ready: true, cancellation).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or OperationCanceledException)
            {
                node.Logger.LogDebug("Heartbeat of {Node} failed: {Message}", _name, exception.Message);
            }
        }
    }

    /// <summary>Tells that the node runs nothing any more. A node may not delete itself.</summary>
    public Task MarkStoppedAsync(CancellationToken cancellation) => WriteStatusAsync(ready: false, cancellation);

    private async Task WriteStatusAsync(bool ready, CancellationToken cancellation)
    {
        var patch = KubernetesJson.Serialize(new { status = _builder.Status(ready, node.Time.GetUtcNow().UtcDateTime) });
        await node.Client.CoreV1.PatchNodeStatusAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), _name, cancellationToken: cancellation).ConfigureAwait(false);
    }

    private async Task WriteLeaseAsync(CancellationToken cancellation)
    {
        var now = node.Time.GetUtcNow().UtcDateTime;
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = _name, NamespaceProperty = LeaseNamespace },
            Spec = new V1LeaseSpec { HolderIdentity = _name, LeaseDurationSeconds = LeaseSeconds, RenewTime = now }
        };
        try
        {
            var patch = new V1Patch(KubernetesJson.Serialize(new { spec = lease.Spec }), V1Patch.PatchType.MergePatch);
            await node.Client.CoordinationV1.PatchNamespacedLeaseAsync(patch, _name, LeaseNamespace, cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            await node.Client.CoordinationV1.CreateNamespacedLeaseAsync(lease, LeaseNamespace, cancellationToken: cancellation).ConfigureAwait(false);
        }
    }
}
