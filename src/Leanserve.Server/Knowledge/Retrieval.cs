using Leanserve.Engine.Knowledge;

namespace Leanserve.Server.Knowledge;

/// <summary>What was found for one question.</summary>
/// <param name="Passages">Best first.</param>
/// <param name="Began">When the search began.</param>
/// <param name="Elapsed">Time the search took, the embedding of the question included.</param>
public sealed record Retrieval(IReadOnlyList<ScoredPassage> Passages, DateTimeOffset Began, TimeSpan Elapsed)
{
    /// <summary>No index, no search.</summary>
    public static Retrieval None { get; } = new([], default, TimeSpan.Zero);
}
