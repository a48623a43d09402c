namespace Leanserve.Controllers;

/// <summary>Keys with a time at which they are due; at most one time for each, the earliest asked for.</summary>
internal sealed class DelayedKeys<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, DateTimeOffset> dueTimes = [];
    private readonly PriorityQueue<TKey, DateTimeOffset> order = new();
    private readonly TimeProvider timeProvider;
    private readonly Action<TKey> onDue;
    private readonly ITimer timer;

    public DelayedKeys(TimeProvider timeProvider, Action<TKey> onDue)
    {
        this.timeProvider = timeProvider;
        this.onDue = onDue;
        timer = timeProvider.CreateTimer(_ => Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(TKey key, TimeSpan delay)
    {
        lock (gate)
        {
            var due = Now + delay;
            if (dueTimes.TryGetValue(key, out var existing) && existing <= due)
            {
                return;
            }

            dueTimes[key] = due;
            order.Enqueue(key, due);
            Arm();
        }
    }

    public void Remove(TKey key)
    {
        lock (gate)
        {
            dueTimes.Remove(key);
        }
    }

    public void Dispose() => timer.Dispose();

    // From the monotonic clock: a step of the wall clock must neither hold back nor release keys.
    private DateTimeOffset Now => DateTimeOffset.UnixEpoch + timeProvider.GetElapsedTime(0);

    private void Release()
    {
        var due = new List<TKey>();
        lock (gate)
        {
            while (order.TryPeek(out var key, out var at) && at <= Now)
            {
                order.Dequeue();
                // An entry that no longer matches was superseded by an earlier one or removed.
                if (dueTimes.TryGetValue(key, out var current) && current == at)
                {
                    dueTimes.Remove(key);
                    due.Add(key);
                }
            }

            Arm();
        }

        due.ForEach(onDue);
    }

    private void Arm()
    {
        while (order.TryPeek(out var key, out var at))
        {
            if (dueTimes.TryGetValue(key, out var current) && current == at)
            {
                // Rounded up to whole milliseconds: a timer that fires a hair early would only be armed again.
                var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (at - Now).TotalMilliseconds)));
                timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }

            order.Dequeue();
        }

        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
