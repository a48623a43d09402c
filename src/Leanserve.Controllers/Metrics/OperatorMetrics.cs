using Prometheus;

namespace Leanserve.Controllers;

/// <summary>The runtime's metrics. Queue and reconcile metrics carry the names that dashboards for Go controllers know.</summary>
internal sealed class OperatorMetrics(IMetricFactory factory)
{
    private static readonly double[] DurationBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    private readonly Gauge depth = factory.CreateGauge("workqueue_depth", "Keys waiting to be reconciled.", ["name"]);
    private readonly Counter adds = factory.CreateCounter("workqueue_adds_total", "Keys added to the queue.", ["name"]);
    private readonly Counter retries = factory.CreateCounter("workqueue_retries_total", "Keys added again after a failure.", ["name"]);

    private readonly Histogram latency = factory.CreateHistogram(
        "workqueue_queue_duration_seconds", "Time a key waits in the queue.", ["name"], new() { Buckets = DurationBuckets });

    private readonly Histogram work = factory.CreateHistogram(
        "workqueue_work_duration_seconds", "Time that processing a key takes.", ["name"], new() { Buckets = DurationBuckets });

    private readonly Gauge longest = factory.CreateGauge(
        "workqueue_longest_running_processor_seconds", "How long the longest running reconcile has been running.", ["name"]);

    private readonly Counter reconciles = factory.CreateCounter(
        "controller_runtime_reconcile_total", "Reconciles by result: success, requeue_after, error, timeout.", ["controller", "result"]);

    private readonly Gauge abandoned = factory.CreateGauge(
        "controller_abandoned_reconciles", "Reconciles that outlived their time limit and are still running.", ["controller"]);

    private readonly Counter watchRestarts = factory.CreateCounter(
        "controller_watch_restarts_total", "Watches that ended, by cause.", ["kind", "cause"]);

    private readonly Counter lists = factory.CreateCounter("controller_lists_total", "Complete lists of a kind.", ["kind"]);
    private readonly Gauge cached = factory.CreateGauge("controller_cached_objects", "Objects in the cache.", ["kind"]);

    private readonly Counter requestRetries = factory.CreateCounter(
        "controller_request_retries_total", "Requests sent again, by HTTP status.", ["status"]);

    private readonly Counter droppedEvents = factory.CreateCounter(
        "controller_events_dropped_total", "Events not written, by cause.", ["cause"]);

    private readonly Gauge leader = factory.CreateGauge("leader_election_master_status", "1 while this replica leads.", ["name"]);

    public QueueMetrics ForQueue(string name) => new(
        depth.WithLabels(name), adds.WithLabels(name), retries.WithLabels(name), latency.WithLabels(name), work.WithLabels(name));

    public Gauge.Child LongestRunning(string controller) => longest.WithLabels(controller);

    public Gauge.Child Abandoned(string controller) => abandoned.WithLabels(controller);

    public void Reconciled(string controller, string result) => reconciles.WithLabels(controller, result).Inc();

    public void WatchEnded(EntityKind kind, string cause) => watchRestarts.WithLabels(kind.ToString(), cause).Inc();

    public void Listed(EntityKind kind) => lists.WithLabels(kind.ToString()).Inc();

    public void Cached(EntityKind kind, int count) => cached.WithLabels(kind.ToString()).Set(count);

    public void RequestRetried(string status) => requestRetries.WithLabels(status).Inc();

    public void EventDropped(string cause) => droppedEvents.WithLabels(cause).Inc();

    public void Leading(string name, bool leads) => leader.WithLabels(name).Set(leads ? 1 : 0);
}
