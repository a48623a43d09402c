using System.Collections.Concurrent;
using Leanserve.Controllers.Sdk;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>What the controller under test does, and what was asked of it.</summary>
public sealed class WidgetScript
{
    private readonly ConcurrentDictionary<string, int> running = new();
    private int allRunning;

    public Func<Widget, CancellationToken, Task<ReconciliationResult<Widget>>> OnReconcile { get; set; } =
        (widget, _) => Task.FromResult(ReconciliationResult<Widget>.Success(widget));

    public Func<Widget, CancellationToken, Task<ReconciliationResult<Widget>>> OnDeleted { get; set; } =
        (widget, _) => Task.FromResult(ReconciliationResult<Widget>.Success(widget));

    public Func<Widget, CancellationToken, Task<ReconciliationResult<Widget>>> OnFinalize { get; set; } =
        (widget, _) => Task.FromResult(ReconciliationResult<Widget>.Success(widget));

    /// <summary>Reconciles that have begun, in order.</summary>
    public ConcurrentQueue<(Widget Widget, long At)> Reconciled { get; } = new();

    public ConcurrentQueue<Widget> Deleted { get; } = new();

    public ConcurrentQueue<Widget> Finalized { get; } = new();

    public int MostPerKey { get; private set; }

    public int MostAtOnce { get; private set; }

    public int CountOf(string name) => Reconciled.Count(r => r.Widget.Name == name);

    public Widget? LastOf(string name) => Reconciled.Select(r => r.Widget).LastOrDefault(w => w.Name == name);

    /// <summary>Seconds between the successive reconciles of one widget.</summary>
    public IReadOnlyList<double> GapsOf(string name)
    {
        var times = Reconciled.Where(r => r.Widget.Name == name).Select(r => r.At).ToList();
        return [.. times.Zip(times.Skip(1), (a, b) => TimeProvider.System.GetElapsedTime(a, b).TotalSeconds)];
    }

    /// <summary>Drops what was noted, so that it does not count as memory of the runtime.</summary>
    public void Forget()
    {
        Reconciled.Clear();
        Deleted.Clear();
        Finalized.Clear();
        running.Clear();
    }

    internal async Task<ReconciliationResult<Widget>> ReconcileAsync(Widget widget, CancellationToken cancellationToken)
    {
        Reconciled.Enqueue((widget, TimeProvider.System.GetTimestamp()));
        MostPerKey = Math.Max(MostPerKey, running.AddOrUpdate(widget.Name, 1, (_, n) => n + 1));
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref allRunning));
        try
        {
            return await OnReconcile(widget, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref allRunning);
            running.AddOrUpdate(widget.Name, 0, (_, n) => n - 1);
        }
    }
}
