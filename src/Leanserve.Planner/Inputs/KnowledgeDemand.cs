namespace Leanserve.Planner;

/// <summary>The documents that answers should draw on.</summary>
public sealed record KnowledgeDemand
{
    /// <summary>Tokens of all documents, as the model's own tokenizer counts them; 0 for none.</summary>
    public long Tokens { get; init; }

    /// <summary>Sources that are mounted, each a part to look after.</summary>
    public int Sources { get; init; }

    /// <summary>Whether a volume is claimed for snapshots of the prepared cache: one more part to look after under CAG.</summary>
    public bool ClaimsSnapshots { get; init; }

    public double ChangesPerDay { get; init; }
}
