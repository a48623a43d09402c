using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>The plan in one sentence.</summary>
internal static class SummarySentence
{
    public static string For(DeploymentPlan plan)
    {
        if (plan.Selected is not { } selected)
        {
            var closest = plan.Candidates.FirstOrDefault(candidate => candidate.Technique is Technique.Native && candidate.Reason != RejectionReason.NoDocuments)
                ?? plan.Candidates[0];
            var change = plan.NearestFeasibleChange is { } nearest ? $" Nearest change that would do: {nearest.Message}" : " No single change that was searched would do.";
            return $"Nothing meets the objectives on {plan.Input.Node.Name}. {closest.Name}: {closest.Message}{change}";
        }

        var rival = Ranking.Rival(plan.Candidates, selected);
        var lead = rival is null
            ? "the only strategy that meets the objectives"
            : Lead(plan.MarginPercent!.Value, Title(rival, selected));
        // Quality is the plan's own assumption, load and documents are the user's to change: the sentence keeps to those.
        var changes = plan.Flips.Where(flip => flip.Dimension != SensitivityAnalysis.Quality).ToList();
        var flips = changes.Count == 0 ? "" : "; " + FlipWords(changes);
        return $"{Strategy(selected)} on {selected.Replicas} × {plan.Input.Node.Name}, {lead}{flips}.";
    }

    /// <summary>A strategy in the words of the two axes and of what is added to them, such as "Cag with BeamSearch" or "Rag with n-gram drafts".</summary>
    public static string Strategy(Candidate candidate) => candidate switch
    {
        { Decoding: DecodingMode.BeamSearch } => $"{candidate.Knowledge} with BeamSearch",
        { DraftTokens: > 0 } => $"{candidate.Knowledge} with n-gram drafts",
        _ => candidate.Knowledge.ToString(),
    };

    private static string Lead(double percent, string rival) => percent >= 0
        ? $"{Wording.Percent(percent / 100)} ahead of {rival}"
        : $"{Wording.Percent(-percent / 100)} behind {rival}";

    private static string Title(Candidate rival, Candidate selected) =>
        rival.Knowledge != selected.Knowledge || rival.DraftTokens > 0 ? Strategy(rival)
        : selected.DraftTokens > 0 && rival.Decoding == selected.Decoding ? $"{rival.Knowledge} without drafts"
        : $"{rival.Knowledge} with {rival.Decoding}";

    // "flips to Rag above 61,000 tokens of documents or 3.4 queries per second": one winner is named once.
    private static string FlipWords(IReadOnlyList<FlipPoint> flips) => string.Join(
        ", ",
        flips.GroupBy(flip => (flip.Winner, flip.Above)).Select(group =>
            $"{Verb(group.Key.Winner)} {(group.Key.Above ? "above" : "below")} {string.Join(" or ", group.Select(Amount))}"));

    private static string Verb(string winner) => winner == SensitivityAnalysis.Nothing ? "nothing is feasible" : $"flips to {winner}";

    private static string Amount(FlipPoint flip) => flip.Dimension == SensitivityAnalysis.Documents
        ? $"{Wording.Count(flip.Threshold)} tokens of documents"
        : $"{Wording.Rate(flip.Threshold)}";
}
