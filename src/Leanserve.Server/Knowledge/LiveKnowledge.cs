using Leanserve.Engine;

namespace Leanserve.Server.Knowledge;

/// <summary>
/// The documents that new requests get, replaced while requests run: each request keeps those that it began with, and whoever replaces them learns when
/// the last such request has ended.
/// </summary>
/// <param name="first">What is served at first.</param>
/// <param name="maxWaiting">Requests that may wait while none is let in; one more is refused.</param>
public sealed class LiveKnowledge(KnowledgeBase first, int maxWaiting)
{
    private readonly Lock gate = new();
    private Generation serving = new(first);
    private TaskCompletionSource? opened;
    private int waiting;

    /// <summary>What new requests get.</summary>
    public KnowledgeBase Current
    {
        get
        {
            lock (gate)
            {
                return serving.Knowledge;
            }
        }
    }

    /// <summary>The current documents for one request; waits only between <see cref="CloseAsync"/> and <see cref="Open"/>.</summary>
    /// <exception cref="EngineBusyException">Too many wait already.</exception>
    public async ValueTask<KnowledgeLease> AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (opened is null)
                {
                    var taken = serving;
                    taken.Holders++;
                    return new KnowledgeLease(taken.Knowledge, () => Release(taken));
                }

                if (waiting >= maxWaiting)
                {
                    throw new EngineBusyException(maxWaiting, TimeSpan.FromSeconds(1));
                }

                waiting++;
                wait = opened.Task;
            }

            try
            {
                await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref waiting);
            }
        }
    }

    /// <summary>New requests get <paramref name="next"/> from now on; completes once the last request on the former documents has ended.</summary>
    public Task SwitchAsync(KnowledgeBase next)
    {
        lock (gate)
        {
            var former = serving;
            serving = new Generation(next);
            return former.Retire();
        }
    }

    /// <summary>Lets no new request in; completes once the last running one has ended.</summary>
    public Task CloseAsync()
    {
        lock (gate)
        {
            opened ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return serving.Retire();
        }
    }

    /// <summary>Lets requests in again, on <paramref name="next"/>.</summary>
    public void Open(KnowledgeBase next)
    {
        lock (gate)
        {
            serving = new Generation(next);
            opened?.SetResult();
            opened = null;
        }
    }

    private void Release(Generation generation)
    {
        lock (gate)
        {
            generation.Holders--;
            generation.EndIfIdle();
        }
    }

    private sealed class Generation(KnowledgeBase knowledge)
    {
        private TaskCompletionSource? idle;

        public KnowledgeBase Knowledge { get; } = knowledge;

        public int Holders { get; set; }

        public Task Retire()
        {
            idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            EndIfIdle();
            return idle.Task;
        }

        public void EndIfIdle()
        {
            if (Holders == 0)
            {
                idle?.TrySetResult();
            }
        }
    }
}
