namespace Leanserve.Server.Knowledge;

/// <summary>Keeps one state of the documents, and its cache, for a request until the request has ended.</summary>
public sealed class KnowledgeLease : IDisposable
{
    private Action? release;

    internal KnowledgeLease(KnowledgeBase knowledge, Action release)
    {
        Knowledge = knowledge;
        this.release = release;
    }

    public KnowledgeBase Knowledge { get; }

    /// <summary>The request has ended; a second call does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}
