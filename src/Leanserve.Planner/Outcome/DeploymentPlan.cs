namespace Leanserve.Planner;

/// <summary>What was chosen, what was not and why, what it costs, and what would change it.</summary>
public sealed record DeploymentPlan
{
    /// <summary>The input that this plan answers.</summary>
    public required PlanInput Input { get; init; }

    /// <summary>The candidate to run; null when none meets the objectives.</summary>
    public Candidate? Selected { get; init; }

    public bool Feasible => Selected is not null;

    /// <summary>Every alternative with its verdict: the selected one, the eligible ones by score, then the rejected ones.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>The plan in one sentence: what was chosen, by what margin, what would change it; or why nothing was.</summary>
    public required string Summary { get; init; }

    /// <summary>Lead over the best alternative of another strategy, in percent of the alternative's score; null without one.</summary>
    public double? MarginPercent { get; init; }

    /// <summary>The changes of load, documents or constants that would change the choice, nearest first.</summary>
    public IReadOnlyList<FlipPoint> Flips { get; init; } = [];

    /// <summary>Whether the choice survives other constants; null when infeasible or not asked for.</summary>
    public StabilityReport? Stability { get; init; }

    /// <summary>Where nothing is feasible: the smallest change that would make it so, if the search found one.</summary>
    public FeasibleChange? NearestFeasibleChange { get; init; }

    /// <summary>Every change that was found to make it feasible, smallest first.</summary>
    public IReadOnlyList<FeasibleChange> FeasibleChanges { get; init; } = [];

    /// <summary>Can the team adopt the selected strategy in the time that it can give? Null when infeasible.</summary>
    public PlanFinding? AdoptionAffordable { get; init; }

    /// <summary>Does the worst of the five scenarios still meet the objectives' percentile? Null when infeasible.</summary>
    public PlanFinding? RobustUnderConstraints { get; init; }

    /// <summary>Has the team the expertise that the selected strategy needs? Null when infeasible.</summary>
    public PlanFinding? TalentSufficient { get; init; }
}
