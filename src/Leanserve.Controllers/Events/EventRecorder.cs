using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>Writes published events in the background. Trouble with them is counted and logged, and never reaches a reconcile.</summary>
internal sealed class EventRecorder(
    ApiTransport transport, OperatorSettings settings, OperatorMetrics metrics, TimeProvider timeProvider, ILogger<EventRecorder> logger)
{
    private const int Capacity = 1000;
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly Channel<EventRecord> published = Channel.CreateBounded<EventRecord>(Capacity);
    private readonly EventAggregator aggregator = new(timeProvider);

    /// <summary>The function that controllers get.</summary>
    public EventPublisher Publisher => (entity, reason, message, type, _) =>
    {
        var reference = new V1ObjectReference
        {
            ApiVersion = entity.ApiVersion,
            Kind = entity.Kind,
            Name = entity.Metadata.Name,
            NamespaceProperty = entity.Metadata.NamespaceProperty,
            Uid = entity.Metadata.Uid,
            ResourceVersion = entity.Metadata.ResourceVersion,
        };
        if (!published.Writer.TryWrite(new EventRecord(reference, reason, message, type, timeProvider.GetUtcNow())))
        {
            metrics.EventDropped("backlog");
        }

        return Task.CompletedTask;
    };

    /// <summary>Writes events until stopped, then what is left, for a moment.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var flush = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        await using var bound = stop.UnsafeRegister(_ => flush.CancelAfter(FlushTimeout), null);
        while (!stop.IsCancellationRequested || published.Reader.Count > 0)
        {
            try
            {
                var record = published.Reader.TryRead(out var waiting) ? waiting : await published.Reader.ReadAsync(stop);
                await WriteAsync(record, flush.Token);
            }
            catch (OperationCanceledException) when (flush.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Nothing was waiting when the stop came; the condition of the loop decides.
            }
        }
    }

    private async Task WriteAsync(EventRecord record, CancellationToken cancellationToken)
    {
        if (aggregator.Aggregate(record) is not { } write)
        {
            metrics.EventDropped("limit");
            return;
        }

        try
        {
            if (write.Count == 1 || !await TryCountUpAsync(write, cancellationToken))
            {
                await CreateAsync(write, cancellationToken);
            }
        }
        catch (Exception e) when (e is ApiException or NotLeadingException)
        {
            metrics.EventDropped("refused");
            logger.LogInformation("Event {Reason} for {Name} was not written: {Message}", record.Reason, record.Regarding.Name, e.Message);
        }
    }

    /// <returns>False if the event object is gone: the API server drops events after an hour.</returns>
    private async Task<bool> TryCountUpAsync(EventWrite write, CancellationToken cancellationToken)
    {
        var patch = EntityJson.ToTree(new Corev1Event
        {
            Count = write.Count,
            Message = write.Message,
            LastTimestamp = write.Record.At.UtcDateTime,
        });
        var changes = new JsonObject();
        foreach (var field in new[] { "count", "message", "lastTimestamp" })
        {
            changes[field] = patch[field]!.DeepClone();
        }

        try
        {
            var path = EntityKind.Of<Corev1Event>().ObjectPath(new EntityKey(NamespaceOf(write), write.Name));
            await transport.SendAsync(
                new ApiRequest(HttpMethod.Patch, path, changes.ToJsonString(), ApiRequest.MergePatch), cancellationToken);
            return true;
        }
        catch (ApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task CreateAsync(EventWrite write, CancellationToken cancellationToken)
    {
        var body = KubernetesJson.Serialize(new Corev1Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new V1ObjectMeta { Name = write.Name, NamespaceProperty = NamespaceOf(write) },
            InvolvedObject = write.Record.Regarding,
            Reason = write.Record.Reason,
            Message = write.Message,
            Type = write.Record.Type.ToString(),
            Count = write.Count,
            FirstTimestamp = write.First.UtcDateTime,
            LastTimestamp = write.Record.At.UtcDateTime,
            Source = new V1EventSource { Component = settings.Name },
            ReportingComponent = settings.Name,
            ReportingInstance = Environment.MachineName,
        });
        var path = EntityKind.Of<Corev1Event>().CollectionPath(NamespaceOf(write));
        await transport.SendAsync(new ApiRequest(HttpMethod.Post, path, body), cancellationToken);
    }

    private static string NamespaceOf(EventWrite write)
        => string.IsNullOrEmpty(write.Record.Regarding.NamespaceProperty) ? "default" : write.Record.Regarding.NamespaceProperty;
}
