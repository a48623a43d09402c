using Prometheus;

namespace Leanserve.Controllers;

/// <summary>The metrics of one queue.</summary>
internal sealed record QueueMetrics(IGauge Depth, ICounter Adds, ICounter Retries, IObserver Latency, IObserver Work);
