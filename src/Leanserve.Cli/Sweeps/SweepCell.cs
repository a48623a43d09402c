using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Cli.Sweeps;

/// <summary>What was chosen at one point of a sweep.</summary>
/// <param name="X">The first axis' value.</param>
/// <param name="Y">The second axis' value.</param>
/// <param name="Selected">The choice; null where nothing meets the objectives.</param>
/// <param name="AdoptionAffordable">Whether the team can adopt the choice in time.</param>
/// <param name="Reason">Why nothing was chosen, by the candidate that came nearest.</param>
internal sealed record SweepCell(double X, double Y, Candidate? Selected, bool AdoptionAffordable, string? Reason)
{
    /// <summary>The index of the strategy in <see cref="StrategyNames"/>; the last where there is none.</summary>
    public int Strategy => Selected is { } selected
        ? ((int)selected.Knowledge * Decodings.Length) + (selected.DraftTokens > 0 ? Decodings.Length - 1 : (int)selected.Decoding)
        : StrategyNames.Count - 1;

    private static string[] Decodings => ["", " with BeamSearch", " with n-gram drafts"];

    public static IReadOnlyList<string> StrategyNames { get; } =
    [
        .. from knowledge in Enum.GetValues<KnowledgeMode>()
           from decoding in Decodings
           select $"{knowledge}{decoding}",
        "nothing feasible",
    ];
}
