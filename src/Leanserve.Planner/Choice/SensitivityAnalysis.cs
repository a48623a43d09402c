namespace Leanserve.Planner;

/// <summary>Finds what would change the choice: the load, the documents, or the constants.</summary>
internal static class SensitivityAnalysis
{
    public const string Documents = "documentTokens";
    public const string Load = "queriesPerSecond";
    public const string Quality = "answerQuality";

    /// <summary>The winner's name where nothing is feasible.</summary>
    public const string Nothing = "nothing feasible";

    private const double Reach = 1024;
    private const double Stride = 4;
    private const int Bisections = 7;

    /// <summary>The plan with flip points and stability.</summary>
    public static DeploymentPlan Complete(DeploymentPlan plan)
    {
        var flips = new List<FlipPoint>(4);
        Add(flips, plan, Load, plan.Input.Traffic.QueriesPerSecond, (input, value) => input with { Traffic = input.Traffic with { QueriesPerSecond = value } });
        if (plan.Input.Knowledge.Tokens > 0)
        {
            Add(flips, plan, Documents, plan.Input.Knowledge.Tokens, (input, value) => input with { Knowledge = input.Knowledge with { Tokens = (long)Math.Max(value, 1) } });
        }

        flips.AddRange(QualityFlip(plan));
        flips.Sort((one, other) => Distance(plan, one).CompareTo(Distance(plan, other)));
        var complete = plan with { Flips = flips, Stability = StabilityTrials.Run(plan) };
        return complete with { Summary = SummarySentence.For(complete) };
    }

    /// <summary>The strategy that is chosen for an input, in words.</summary>
    public static string Winner(DeploymentPlan plan) => plan.Selected is { } selected ? SummarySentence.Strategy(selected) : Nothing;

    private static void Add(List<FlipPoint> flips, DeploymentPlan plan, string dimension, double present, Func<PlanInput, double, PlanInput> change)
    {
        var winner = Winner(plan);
        foreach (var stride in (double[])[Stride, 1 / Stride])
        {
            if (Search(present, stride, value => Winner(DeploymentPlanner.ChooseBriefly(change(plan.Input, value))), winner) is { } found)
            {
                var above = stride > 1;
                var threshold = Wording.Round(found.Threshold);
                flips.Add(new FlipPoint(dimension, threshold, above, found.Winner, Sentence(dimension, threshold, above, found.Winner)));
            }
        }
    }

    // The score is proportional to the answers' quality, so the threshold needs no search; what uses the documents alike shares that quality.
    private static IEnumerable<FlipPoint> QualityFlip(DeploymentPlan plan)
    {
        var others = plan.Candidates.Where(candidate => candidate.Verdict is CandidateVerdict.Eligible && candidate.Knowledge != plan.Selected?.Knowledge);
        if (plan.Selected is { Oae: { } mine } selected && others.MaxBy(candidate => candidate.Oae!.Score) is { Oae: { } its } rival && its.Score < mine.Score)
        {
            var (threshold, winner) = (mine.AnswerQuality * its.Score / mine.Score, SummarySentence.Strategy(rival));
            yield return new FlipPoint(
                Quality, threshold, false, winner, $"flips to {winner} where {SummarySentence.Strategy(selected)}'s answers are worth less than {Wording.Digits(threshold)} of the best known ones ({Wording.Digits(mine.AnswerQuality)} is assumed)");
        }
    }

    private static (double Threshold, string Winner)? Search(double present, double stride, Func<double, string> winnerAt, string winner)
    {
        var near = present;
        for (var far = present * stride; far <= present * Reach && far >= present / Reach; far *= stride)
        {
            var other = winnerAt(far);
            if (other != winner)
            {
                return Narrow(near, far, other, winnerAt, winner);
            }

            near = far;
        }

        return null;
    }

    private static (double Threshold, string Winner) Narrow(double near, double far, string other, Func<double, string> winnerAt, string winner)
    {
        for (var i = 0; i < Bisections; i++)
        {
            var middle = Math.Sqrt(near * far);
            var there = winnerAt(middle);
            if (there == winner)
            {
                near = middle;
            }
            else
            {
                far = middle;
                other = there;
            }
        }

        return (far, other);
    }

    private static string Sentence(string dimension, double threshold, bool above, string winner)
    {
        var amount = dimension == Documents ? $"{Wording.Count(threshold)} tokens of documents" : $"{Wording.Rate(threshold)}";
        var what = winner == Nothing ? "nothing is feasible" : $"flips to {winner}";
        return $"{what} {(above ? "above" : "below")} {amount}";
    }

    private static double Distance(DeploymentPlan plan, FlipPoint flip)
    {
        var present = flip.Dimension switch
        {
            Documents => plan.Input.Knowledge.Tokens,
            Quality => plan.Selected!.Oae!.AnswerQuality,
            _ => plan.Input.Traffic.QueriesPerSecond,
        };
        return Math.Abs(Math.Log(flip.Threshold / present));
    }
}
