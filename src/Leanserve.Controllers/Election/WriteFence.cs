namespace Leanserve.Controllers;

/// <summary>
/// Lets writes through only while this replica's leadership is certain. The certainty ends by the clock, without help of the API
/// server or of any task being scheduled in time: a replica that hangs, or is cut off, is fenced before another may lead.
/// </summary>
internal sealed class WriteFence(TimeProvider timeProvider)
{
    private readonly Lock gate = new();
    private Term? term;
    private bool open;

    /// <summary>Without an election there is nothing to fence.</summary>
    public void OpenForever()
    {
        lock (gate)
        {
            open = true;
        }
    }

    /// <summary>Starts or prolongs a term that is certain for <paramref name="validity"/> from <paramref name="since"/>.</summary>
    /// <param name="since">Timestamp from before the request that took or renewed the Lease was sent.</param>
    /// <param name="validity">The renew deadline.</param>
    /// <returns>A token that is cancelled when the term ends.</returns>
    public CancellationToken Extend(long since, TimeSpan validity)
    {
        lock (gate)
        {
            var remaining = validity - timeProvider.GetElapsedTime(since);
            if (remaining <= TimeSpan.Zero)
            {
                Close();
                return new CancellationToken(canceled: true);
            }

            if (term is null || term.Lost.IsCancellationRequested)
            {
                term = new Term(new CancellationTokenSource());
                var lost = term.Lost;
                term.Timer = timeProvider.CreateTimer(_ => lost.Cancel(), null, remaining, Timeout.InfiniteTimeSpan);
            }
            else
            {
                term.Timer!.Change(remaining, Timeout.InfiniteTimeSpan);
            }

            term.Since = since;
            term.Validity = validity;
            return term.Lost.Token;
        }
    }

    /// <summary>Ends the term now.</summary>
    public void Close()
    {
        Term? ended;
        lock (gate)
        {
            ended = term;
            term = null;
        }

        ended?.Timer?.Dispose();
        ended?.Lost.Cancel();
    }

    /// <summary>A source linked to <paramref name="cancellationToken"/> and to the end of the term; dispose it after the write.</summary>
    /// <exception cref="NotLeadingException">No term, or its time is over.</exception>
    public CancellationTokenSource Enter(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (open)
            {
                return CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            }

            // By the clock too: after a pause of the whole process the timer may fire later than this line runs.
            return term is { } t && !t.Lost.IsCancellationRequested && timeProvider.GetElapsedTime(t.Since) < t.Validity
                ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, t.Lost.Token)
                : throw new NotLeadingException();
        }
    }

    private sealed class Term(CancellationTokenSource lost)
    {
        public CancellationTokenSource Lost { get; } = lost;

        public ITimer? Timer { get; set; }

        public long Since { get; set; }

        public TimeSpan Validity { get; set; }
    }
}
