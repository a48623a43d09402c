namespace Leanserve.Planner;

/// <summary>Share of requests within the objectives in the five scenarios of robustness.</summary>
internal sealed class ScenarioJudge(PlanInput input, PlannerConstants constants, PlanWorkspace workspace)
{
    private readonly double ttft = input.Objectives.TimeToFirstToken?.TotalSeconds ?? double.PositiveInfinity;
    private readonly double whole = input.Objectives.RequestLatency?.TotalSeconds ?? double.PositiveInfinity;

    /// <param name="work">The candidate's cost and shape; the workspace's nominal curve is filled for it.</param>
    /// <param name="replicas">Replicas that share the load.</param>
    /// <param name="nominal">The share under the nominal load.</param>
    public ScenarioShares Judge(CandidateWork work, int replicas, double nominal)
    {
        var perReplica = input.Traffic.QueriesPerSecond / replicas;
        var usual = work.Spec.Shape.PromptTokens;
        var burst = input.Traffic.BurstFactor <= 1 ? nominal : Share(workspace.Nominal, perReplica * input.Traffic.BurstFactor, usual, work);
        var commodity = Share(Slowed(work, constants[Constant.CommodityFactor]), perReplica, usual, work);
        return new ScenarioShares(nominal, burst, Noisy(work, perReplica), commodity, Changing(work, perReplica, nominal));
    }

    /// <summary>Share within the objectives under a load, by a filled curve.</summary>
    public double Share(ServiceCurve curve, double perReplica, double ownPromptTokens, CandidateWork work)
    {
        workspace.Queue.Solve(curve, perReplica, work.Limits.MaxQueuedRequests);
        return workspace.Queue.ShareWithin(ttft, whole, ownPromptTokens);
    }

    private double Noisy(CandidateWork work, double perReplica)
    {
        const double tail = 0.05;
        var longer = work.Spec.Shape.PromptTokens + (input.Traffic.PromptTokens * (constants[Constant.NoisyPromptFactor] - 1));
        var longest = longer + (input.Traffic.PromptTokens * (constants[Constant.NoisyTailFactor] - 1));
        var mean = ((1 - tail) * longer) + (tail * longest);
        workspace.Varied.Fill(work.Cost(1), work.Spec.Shape with { PromptTokens = mean }, work.Limits.MaxConcurrentRequests);
        workspace.Queue.Solve(workspace.Varied, perReplica, work.Limits.MaxQueuedRequests);
        return ((1 - tail) * workspace.Queue.ShareWithin(ttft, whole, longer)) + (tail * workspace.Queue.ShareWithin(ttft, whole, longest));
    }

    // Within the window the documents change once; while the cache or index is rebuilt, requests get part of the speed.
    private double Changing(CandidateWork work, double perReplica, double nominal)
    {
        var rebuild = work.RebuildSeconds(input, constants);
        if (rebuild <= 0)
        {
            return nominal;
        }

        var during = Share(Slowed(work, constants[Constant.RebuildSpeedShare]), perReplica, work.Spec.Shape.PromptTokens, work);
        var share = Math.Min(rebuild / constants[Constant.RebuildWindowSeconds], 1);
        return ((1 - share) * nominal) + (share * during);
    }

    private ServiceCurve Slowed(CandidateWork work, double factor)
    {
        workspace.Varied.Fill(work.Cost(factor), work.Spec.Shape, work.Limits.MaxConcurrentRequests);
        return workspace.Varied;
    }
}
