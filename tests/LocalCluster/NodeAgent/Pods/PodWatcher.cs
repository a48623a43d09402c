using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace LocalCluster.NodeAgents;

/// <summary>Keeps up with the pods bound to one node: lists, watches from there, and lists anew whenever the watch breaks.</summary>
internal sealed class PodWatcher(IKubernetes client, string nodeName, ILogger logger, TimeProvider time)
{
    private const int WatchSeconds = 280;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);
    private readonly HashSet<string> _known = [];
    private readonly string _selector = $"spec.nodeName={nodeName}";

    /// <summary>Runs until cancelled. The callbacks must return at once.</summary>
    /// <param name="changed">A pod appeared or changed.</param>
    /// <param name="gone">A pod, by its uid, is no longer there.</param>
    public async Task RunAsync(Action<V1Pod> changed, Action<string> gone, CancellationToken cancellation)
    {
        var retry = FirstRetry;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var version = await ListAsync(changed, gone, cancellation).ConfigureAwait(false);
                retry = FirstRetry;
                await WatchAsync(version, changed, gone, cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                logger.LogWarning("The watch of the node's pods broke ({Message}); listing again in {Retry}.", exception.Message, retry);
                await Task.Delay(retry, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
            }
        }
    }

    private async Task<string> ListAsync(Action<V1Pod> changed, Action<string> gone, CancellationToken cancellation)
    {
        var list = await client.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: _selector, cancellationToken: cancellation).ConfigureAwait(false);
        foreach (var uid in _known.Except(list.Items.Select(pod => pod.Metadata.Uid)).ToList())
        {
            _known.Remove(uid);
            gone(uid);
        }

        foreach (var pod in list.Items)
        {
            _known.Add(pod.Metadata.Uid);
            changed(pod);
        }

        return list.Metadata.ResourceVersion;
    }

    /// <summary>Watches, resuming where the server ended a watch in good order; throws where it cannot resume.</summary>
    private async Task WatchAsync(string version, Action<V1Pod> changed, Action<string> gone, CancellationToken cancellation)
    {
        while (true)
        {
            Exception? failure = null;
            var events = client.CoreV1.WatchListPodForAllNamespacesAsync(
                allowWatchBookmarks: true, fieldSelector: _selector, resourceVersion: version, timeoutSeconds: WatchSeconds,
                onError: exception => failure = exception, cancellationToken: cancellation);
            await foreach (var (type, pod) in events.ConfigureAwait(false))
            {
                version = pod.Metadata.ResourceVersion;
                Apply(type, pod, changed, gone);
            }

            cancellation.ThrowIfCancellationRequested();
            if (failure is not null)
            {
                throw failure;
            }
        }
    }

    private void Apply(WatchEventType type, V1Pod pod, Action<V1Pod> changed, Action<string> gone)
    {
        switch (type)
        {
            case WatchEventType.Added or WatchEventType.Modified:
                _known.Add(pod.Metadata.Uid);
                changed(pod);
                break;
            case WatchEventType.Deleted:
                _known.Remove(pod.Metadata.Uid);
                gone(pod.Metadata.Uid);
                break;
            case WatchEventType.Error:
                throw new IOException("the server reported an error in the watch");
            default:
                break;
        }
    }
}
