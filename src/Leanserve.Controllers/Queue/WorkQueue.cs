using System.Threading.Channels;

namespace Leanserve.Controllers;

/// <summary>
/// Keys to be worked on, in order of arrival. A key is waiting at most once and worked on by at most one worker; one that is added
/// while it is worked on is handed out again afterwards. Failing keys wait, with growing delay and without end, apart from the others.
/// </summary>
internal sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Channel<TKey> ready = Channel.CreateUnbounded<TKey>();
    private readonly Dictionary<TKey, long> dirtySince = [];
    private readonly HashSet<TKey> processing = [];
    private readonly Dictionary<TKey, int> failures = [];
    private readonly DelayedKeys<TKey> delayed;
    private readonly BackoffOptions backoff;
    private readonly QueueMetrics metrics;
    private readonly TimeProvider timeProvider;

    public WorkQueue(BackoffOptions backoff, QueueMetrics metrics, TimeProvider timeProvider)
    {
        this.backoff = backoff;
        this.metrics = metrics;
        this.timeProvider = timeProvider;
        delayed = new DelayedKeys<TKey>(timeProvider, Add);
    }

    /// <summary>Makes the key wait for a worker, unless it does already.</summary>
    public void Add(TKey key)
    {
        lock (gate)
        {
            if (!dirtySince.TryAdd(key, timeProvider.GetTimestamp()))
            {
                return;
            }

            metrics.Adds.Inc();
            metrics.Depth.Set(dirtySince.Count);
            if (!processing.Contains(key))
            {
                ready.Writer.TryWrite(key);
            }
        }
    }

    /// <summary>Adds the key after a delay; of several delays the one that ends first counts, and a run of the key ends all.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
        }
        else
        {
            delayed.Add(key, delay);
        }
    }

    /// <summary>Adds the key after the backoff for one more failure.</summary>
    /// <returns>The delay.</returns>
    public TimeSpan AddFailed(TKey key)
    {
        TimeSpan delay;
        lock (gate)
        {
            var count = failures[key] = failures.GetValueOrDefault(key) + 1;
            delay = Backoff.Delay(backoff, count);
        }

        metrics.Retries.Inc();
        AddAfter(key, delay);
        return delay;
    }

    /// <summary>Forgets the key's failures.</summary>
    public void Forget(TKey key)
    {
        lock (gate)
        {
            failures.Remove(key);
        }
    }

    /// <summary>Waits for a key; the caller must call <see cref="Done"/> with it. Its pending delays are dropped: this run decides anew.</summary>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        var key = await ready.Reader.ReadAsync(cancellationToken);
        lock (gate)
        {
            dirtySince.Remove(key, out var since);
            metrics.Latency.Observe(timeProvider.GetElapsedTime(since).TotalSeconds);
            metrics.Depth.Set(dirtySince.Count);
            processing.Add(key);
        }

        delayed.Remove(key);
        return key;
    }

    /// <summary>Ends the work on a key; it is handed out again if it was added meanwhile.</summary>
    public void Done(TKey key)
    {
        lock (gate)
        {
            processing.Remove(key);
            if (dirtySince.ContainsKey(key))
            {
                ready.Writer.TryWrite(key);
            }
        }
    }

    public void Dispose() => delayed.Dispose();
}
