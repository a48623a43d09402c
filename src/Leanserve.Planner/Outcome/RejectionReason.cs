namespace Leanserve.Planner;

/// <summary>Why a candidate was rejected; the first check that fails names it.</summary>
public static class RejectionReason
{
    /// <summary>The user pinned another strategy.</summary>
    public const string NotPinned = nameof(NotPinned);

    /// <summary>CAG or RAG without documents.</summary>
    public const string NoDocuments = nameof(NoDocuments);

    /// <summary>Sampling where beam search is required.</summary>
    public const string NotExact = nameof(NotExact);

    /// <summary>Prompt, documents and answer are longer than the model's context.</summary>
    public const string ContextTooLong = nameof(ContextTooLong);

    /// <summary>The engine cannot run the precision on this kind of node.</summary>
    public const string PrecisionUnsupported = nameof(PrecisionUnsupported);

    /// <summary>The weights alone are larger than the node's memory.</summary>
    public const string WeightsTooLarge = nameof(WeightsTooLarge);

    /// <summary>The documents' KV cache leaves no room for a request.</summary>
    public const string KnowledgeCacheTooLarge = nameof(KnowledgeCacheTooLarge);

    /// <summary>Not even one request's KV cache fits.</summary>
    public const string RequestCacheTooLarge = nameof(RequestCacheTooLarge);

    /// <summary>The time to first token misses its objective even without load.</summary>
    public const string FirstTokenTooSlow = nameof(FirstTokenTooSlow);

    /// <summary>The whole answer misses its objective even without load.</summary>
    public const string AnswerTooSlow = nameof(AnswerTooSlow);

    /// <summary>The load is past what the most replicas can carry.</summary>
    public const string Saturated = nameof(Saturated);

    /// <summary>The load can be carried, but not within the objectives by the most replicas.</summary>
    public const string TooFewReplicas = nameof(TooFewReplicas);

    /// <summary>The documents change faster than the cache or index can be rebuilt.</summary>
    public const string KnowledgeNeverCurrent = nameof(KnowledgeNeverCurrent);

    /// <summary>It saves the served model nothing under this load.</summary>
    public const string NoGain = nameof(NoGain);

    /// <summary>It would gain, but our runtime does not run it: the message says how much it would gain.</summary>
    public const string RuntimeUnsupported = nameof(RuntimeUnsupported);

    /// <summary>Every reason, in the order in which they are checked.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        NoDocuments, NotExact, PrecisionUnsupported, ContextTooLong, WeightsTooLarge, KnowledgeCacheTooLarge, RequestCacheTooLarge,
        KnowledgeNeverCurrent, FirstTokenTooSlow, AnswerTooSlow, Saturated, TooFewReplicas, NotPinned, NoGain, RuntimeUnsupported,
    ];

    /// <summary>How many checks a candidate with this reason has passed.</summary>
    internal static int Order(string reason)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i] == reason)
            {
                return i;
            }
        }

        throw new ArgumentException($"'{reason}' is not a rejection reason.", nameof(reason));
    }
}
