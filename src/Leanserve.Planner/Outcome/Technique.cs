namespace Leanserve.Planner;

/// <summary>How tokens are produced: plainly, or by a technique that is evaluated beside; of these our runtime has <see cref="SpeculativeNGram"/>.</summary>
public enum Technique
{
    /// <summary>What leanserve-server runs: the knowledge and decoding axes.</summary>
    Native,

    /// <summary>A draft model proposes tokens that the model verifies.</summary>
    SpeculativeDraft,

    /// <summary>N-grams of prompt, documents and answer propose tokens that the model verifies; leanserve-server runs it where the plan chooses it.</summary>
    SpeculativeNGram,

    /// <summary>A mixture-of-experts model of like quality.</summary>
    MixtureOfExperts,

    /// <summary>Trained extra heads propose tokens.</summary>
    Medusa,

    /// <summary>An outline first, its points written in parallel.</summary>
    SkeletonOfThought,

    /// <summary>A small model shortens the prompt.</summary>
    PromptCompression,

    /// <summary>RAG over a remote embedding service and a reranker.</summary>
    RemoteRag,
}
