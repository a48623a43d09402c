using Microsoft.Extensions.Time.Testing;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>A queue on a clock that the test moves.</summary>
internal sealed class TestQueue : IDisposable
{
    public TestQueue(TimeSpan? baseDelay = null, TimeSpan? maxDelay = null)
    {
        Metrics = new OperatorMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        Queue = new WorkQueue<string>(
            new BackoffOptions { BaseDelay = baseDelay ?? TimeSpan.FromSeconds(1), MaxDelay = maxDelay ?? TimeSpan.FromMinutes(1) },
            Metrics.ForQueue("test"),
            Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public OperatorMetrics Metrics { get; }

    public WorkQueue<string> Queue { get; }

    /// <summary>Takes a key that must be there already; null if none is.</summary>
    public string? TakeNow()
    {
        using var at = new CancellationTokenSource();
        var take = Queue.TakeAsync(at.Token);
        if (take.IsCompletedSuccessfully)
        {
            return take.Result;
        }

        at.Cancel();
        return null;
    }

    public void Dispose() => Queue.Dispose();
}
