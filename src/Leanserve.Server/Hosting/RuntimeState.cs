namespace Leanserve.Server.Hosting;

/// <summary>What the process can do right now: one place that the probes and the endpoints ask.</summary>
public sealed class RuntimeState
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ServedModel? model;
    private volatile string? unreadyReason = "The model is being loaded.";
    private int inFlight;
    private bool isDraining;

    /// <summary>The model, once it is loaded.</summary>
    public ServedModel? Model => model;

    /// <summary>Why the server takes no requests, or null where it does.</summary>
    public string? UnreadyReason => unreadyReason;

    /// <summary>Requests between arrival and the last byte of their answer.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>The model answers from now on.</summary>
    public void SetReady(ServedModel loaded)
    {
        lock (gate)
        {
            model = loaded;
            unreadyReason = isDraining ? unreadyReason : null;
        }
    }

    /// <summary>Takes a request in, unless the server is not ready; a request taken in must <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (unreadyReason is not null)
            {
                return false;
            }

            inFlight++;
            return true;
        }
    }

    /// <summary>A request is done.</summary>
    public void Leave()
    {
        lock (gate)
        {
            inFlight--;
            if (isDraining && inFlight == 0)
            {
                idle.TrySetResult();
            }
        }
    }

    /// <summary>Refuses new requests from now on; completes when the last one in flight has left.</summary>
    public Task DrainAsync()
    {
        lock (gate)
        {
            isDraining = true;
            unreadyReason = "The server is shutting down.";
            if (inFlight == 0)
            {
                idle.TrySetResult();
            }

            return idle.Task;
        }
    }
}
