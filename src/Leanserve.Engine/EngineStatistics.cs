namespace Leanserve.Engine;

/// <summary>A consistent picture of the engine after its latest step; counters only grow.</summary>
public sealed record EngineStatistics
{
    /// <summary>Requests waiting for admission.</summary>
    public int QueuedRequests { get; init; }

    /// <summary>Requests admitted and not finished.</summary>
    public int RunningRequests { get; init; }

    /// <summary>Slots of the KV buffer.</summary>
    public int CapacitySlots { get; init; }

    /// <summary>Slots that every step reads: running requests and the documents under them; 0 where nothing runs.</summary>
    public int ActiveSlots { get; init; }

    /// <summary>Most slots that any step has read and written so far: documents, prompts, answers and beams together.</summary>
    public int PeakSlots { get; init; }

    /// <summary>Slots of preloaded documents, in use or not.</summary>
    public int PreloadedSlots { get; init; }

    /// <summary>Slots of finished prompts that are kept while nobody needs the space.</summary>
    public int CachedSlots { get; init; }

    public long Steps { get; init; }

    /// <summary>Prompt tokens computed.</summary>
    public long PrefilledTokens { get; init; }

    /// <summary>Prompt tokens found in the cache.</summary>
    public long ReusedTokens { get; init; }

    public long GeneratedTokens { get; init; }

    /// <summary>Tokens that n-gram lookup proposed.</summary>
    public long DraftedTokens { get; init; }

    /// <summary>Of these, tokens that were drawn: each saved a step.</summary>
    public long AcceptedTokens { get; init; }

    public long FinishedRequests { get; init; }

    public long CancelledRequests { get; init; }

    /// <summary>Requests refused because the queue was full.</summary>
    public long RejectedRequests { get; init; }

    public long EvictedSlots { get; init; }

    /// <summary>Time spent in the model.</summary>
    public TimeSpan ModelTime { get; init; }

    /// <summary>Time spent outside the model while there was work.</summary>
    public TimeSpan OverheadTime { get; init; }
}
