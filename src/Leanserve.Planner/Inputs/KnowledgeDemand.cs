namespace Leanserve.Planner;

/// <summary>The documents that answers should draw on.</summary>
public sealed record KnowledgeDemand
{
    /// <summary>Tokens of all documents, as the model's own tokenizer counts them; 0 for none.</summary>
    public long Tokens { get; init; }

    /// <summary>Sources that are mounted, each a part to look after.</summary>
    public int Sources { get; init; }

    /// <summary>Whether a volume is claimed for snapshots of the prepared cache or vectors: one more part to look after where there are some.</summary>
    public bool ClaimsSnapshots { get; init; }

    /// <summary>A model that embeds passages and questions, in use under RAG; null for none.</summary>
    public EmbeddingModelDemand? EmbeddingModel { get; init; }

    public double ChangesPerDay { get; init; }
}
