using Leanserve.Engine.Knowledge;

namespace Leanserve.Server.Knowledge;

/// <summary>What was found for one question.</summary>
/// <param name="Passages">Best first.</param>
/// <param name="Elapsed">Time the search took.</param>
public sealed record Retrieval(IReadOnlyList<ScoredPassage> Passages, TimeSpan Elapsed)
{
    /// <summary>No index, no search.</summary>
    public static Retrieval None { get; } = new([], TimeSpan.Zero);
}
