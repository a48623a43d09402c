namespace Leanserve.Planner;

/// <summary>Finds how much of their prompts and documents answers must repeat for n-gram drafts to be chosen, and says so.</summary>
internal static class CopiedShareSearch
{
    public const string Dimension = "copiedOutputPercent";

    private const int Bisections = 6;

    /// <summary>The plan with that share in the message of the candidate that drafts, where it is not chosen and could be.</summary>
    public static DeploymentPlan Complete(DeploymentPlan plan)
    {
        if (plan.Candidates.FirstOrDefault(candidate => candidate.Technique is Technique.SpeculativeNGram) is not { } drafting || !MayWin(drafting))
        {
            return plan;
        }

        var found = Search(plan, drafting);
        var told = found is { } point ? drafting with { WinsAt = point, Message = $"{drafting.Message} {point.Message}" }
            : drafting.Reason == RejectionReason.NoGain ? drafting with { Message = $"{drafting.Message} Here it would not pay for its upkeep even if they repeated everything (traffic.{Dimension})." }
            : drafting;
        return plan with { Candidates = [.. plan.Candidates.Select(candidate => ReferenceEquals(candidate, drafting) ? told : candidate)] };
    }

    private static bool MayWin(Candidate drafting) =>
        drafting is { Limits: not null, Verdict: not CandidateVerdict.Selected } && drafting.Reason is not (RejectionReason.NotPinned or RejectionReason.NotExact);

    private static FlipPoint? Search(DeploymentPlan plan, Candidate drafting)
    {
        var constants = PlannerConstants.Default.With(plan.Input.Assumptions);
        var evaluator = new CandidateEvaluator(plan.Input, constants, DeploymentPlanner.ProfileOf(plan.Input), brief: true);
        var basis = NativeSpecs.All(plan.Input, constants)
            .First(spec => (spec.Knowledge, spec.Decoding, spec.Weights.Precision) == (drafting.Knowledge, drafting.Decoding, drafting.Precision));
        if (!WinsWith(1))
        {
            return null;
        }

        var (low, high) = (plan.Input.Traffic.CopiedShare, 1.0);
        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            _ = WinsWith(middle) ? high = middle : low = middle;
        }

        var percent = Math.Ceiling(high * 100);
        return new FlipPoint(
            Dimension, percent, true, SummarySentence.Strategy(drafting), $"It would be chosen from {Wording.Count(percent)} % of repeated text on (traffic.{Dimension}, now {Wording.Count(plan.Input.Traffic.CopiedShare * 100)}).");

        bool WinsWith(double share)
        {
            var input = plan.Input with { Traffic = plan.Input.Traffic with { CopiedShare = share } };
            return Ranking.Wins(plan, evaluator.Evaluate(TechniqueSpecs.NGram(input, constants, basis)), constants);
        }
    }
}
