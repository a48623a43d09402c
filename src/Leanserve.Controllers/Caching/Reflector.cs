using System.Globalization;
using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>
/// Lists a kind, then watches it from there, for ever. A watch that ends is resumed from the last resource version seen, events and
/// bookmarks alike; only when the server has dropped that history is the kind listed again.
/// </summary>
internal sealed class Reflector<TEntity>(
    string? labelSelector,
    IReflectorSink<TEntity> sink,
    ApiTransport transport,
    IApiDiscovery discovery,
    OperatorSettings settings,
    OperatorMetrics metrics,
    TimeProvider timeProvider,
    ILogger logger)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>A watch that lasted this long was a good one; anything shorter counts as a failure for the delay before the next.</summary>
    private static readonly TimeSpan GoodWatch = TimeSpan.FromSeconds(5);

    /// <summary>Errors in the stream, one after another, after which resuming is given up and the kind listed anew.</summary>
    private const int MaxErrorsBeforeRelist = 3;

    private readonly EntityKind kind = EntityKind.Of<TEntity>();
    private readonly EntityLister<TEntity> lister = new(labelSelector, transport, discovery, settings, metrics, logger);
    private string? resourceVersion;
    private int failures;
    private int streamErrors;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var started = timeProvider.GetTimestamp();
                var end = await ListAndWatchAsync(cancellationToken);
                metrics.WatchEnded(kind, end.ToString());
                failures = timeProvider.GetElapsedTime(started) >= GoodWatch ? 0 : failures + 1;
                resourceVersion = end == WatchEnd.Expired ? null : resourceVersion;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                OnFailure(e);
            }

            await DelayAsync(cancellationToken);
        }
    }

    private async Task<WatchEnd> ListAndWatchAsync(CancellationToken cancellationToken)
    {
        if (resourceVersion is null)
        {
            var (entities, version) = await lister.ListAsync(cancellationToken);
            sink.Replace(entities, version);
            resourceVersion = version;
            streamErrors = 0;
            logger.LogDebug("Listed {Kind}: {Count} objects at {ResourceVersion}", kind, entities.Count, version);
        }

        var seconds = settings.Watch.Timeout.TotalSeconds * (1 + Random.Shared.NextDouble());
        var path = await lister.PathAsync(
            $"watch=true&allowWatchBookmarks=true&resourceVersion={resourceVersion}&timeoutSeconds="
            + ((int)seconds).ToString(CultureInfo.InvariantCulture),
            cancellationToken);
        try
        {
            using var response = await transport.OpenAsync(path, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await ConsumeAsync(stream, cancellationToken);
        }
        catch (ApiException e) when (e.Status == HttpStatusCode.Gone)
        {
            return WatchEnd.Expired;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException or JsonException)
        {
            logger.LogInformation("The watch of {Kind} broke and is resumed: {Cause}", kind, e.Message);
            return WatchEnd.Broken;
        }
    }

    private async Task<WatchEnd> ConsumeAsync(Stream stream, CancellationToken cancellationToken)
    {
        var lines = WatchLineReader.ReadAsync(stream, settings.Watch.StallTimeout, timeProvider, cancellationToken);
        await foreach (var line in lines)
        {
            if (line.Type == "ERROR")
            {
                return OnStreamError(KubernetesJson.Deserialize<V1Status>(line.Object));
            }

            streamErrors = 0;
            Apply(line);
        }

        return WatchEnd.Closed;
    }

    private void Apply(WatchEvent line)
    {
        var version = line.Object.GetProperty("metadata").GetProperty("resourceVersion").GetString()
            ?? throw new JsonException("The object has no resourceVersion.");
        if (line.Type == "BOOKMARK")
        {
            sink.Bookmark(version);
        }
        else if (lister.TryRead(line.Object) is { } entity)
        {
            if (line.Type == "DELETED")
            {
                sink.Remove(entity);
            }
            else
            {
                sink.Upsert(entity);
            }
        }

        resourceVersion = version;
    }

    private WatchEnd OnStreamError(V1Status status)
    {
        if (status.Code == (int)HttpStatusCode.Gone || status.Reason is "Expired" or "Gone")
        {
            logger.LogInformation("The watch of {Kind} is too old to resume, listing again: {Message}", kind, status.Message);
            return WatchEnd.Expired;
        }

        logger.LogWarning("The watch of {Kind} reported {Code} {Reason}: {Message}", kind, status.Code, status.Reason, status.Message);
        return ++streamErrors >= MaxErrorsBeforeRelist ? WatchEnd.Expired : WatchEnd.Broken;
    }

    private void OnFailure(Exception e)
    {
        failures++;
        metrics.WatchEnded(kind, "Refused");
        if (e is ApiException { Status: HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } refusal)
        {
            sink.Refused();
            logger.LogWarning("{Kind} cannot be watched yet: {Message}", kind, refusal.Message);
        }
        else
        {
            logger.LogWarning(e, "Listing or watching {Kind} failed", kind);
        }
    }

    private Task DelayAsync(CancellationToken cancellationToken)
    {
        // A watch that ended in good order is resumed almost at once, but never by all replicas in the same instant.
        var delay = failures == 0
            ? settings.Watch.Reconnect.BaseDelay * Random.Shared.NextDouble()
            : Backoff.Delay(settings.Watch.Reconnect, failures);
        return Task.Delay(delay, timeProvider, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
