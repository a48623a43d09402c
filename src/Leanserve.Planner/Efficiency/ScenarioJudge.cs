namespace Leanserve.Planner;

/// <summary>Share of requests within the objectives in the five scenarios of robustness.</summary>
internal sealed class ScenarioJudge(PlanInput input, PlannerConstants constants, PlanWorkspace workspace)
{
    /// <summary>Share of the noisy scenario's prompts that are in the heavy tail.</summary>
    public const double NoisyTailShare = 0.05;

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
        return InTime(work, ownPromptTokens);
    }

    /// <summary>Tokens that a request of the noisy scenario computes before its answer.</summary>
    /// <param name="work">The candidate.</param>
    /// <param name="constants">The constants in force.</param>
    /// <param name="longest">Whether it is one of the <see cref="NoisyTailShare"/>.</param>
    public static double NoisyPromptTokens(CandidateWork work, PlannerConstants constants, bool longest)
    {
        var factor = constants[Constant.NoisyPromptFactor] + (longest ? constants[Constant.NoisyTailFactor] - 1 : 0);
        return work.Spec.Shape.PromptTokens + (work.Input.Traffic.PromptTokens * (factor - 1));
    }

    private double Noisy(CandidateWork work, double perReplica)
    {
        const double tail = NoisyTailShare;
        var longer = NoisyPromptTokens(work, constants, longest: false);
        var longest = NoisyPromptTokens(work, constants, longest: true);
        var mean = ((1 - tail) * longer) + (tail * longest);
        workspace.Varied.Fill(workspace.Nominal.Cost, work.Spec.Shape with { PromptTokens = mean }, work.Limits.MaxConcurrentRequests);
        workspace.Queue.Solve(workspace.Varied, perReplica, work.Limits.MaxQueuedRequests);
        return ((1 - tail) * InTime(work, longer)) + (tail * InTime(work, longest));
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

    private double InTime(CandidateWork work, double ownPromptTokens)
    {
        var (first, whole) = input.Objectives.Bounds(work.Spec.Decoding);
        return workspace.Queue.ShareWithin(first, whole, ownPromptTokens);
    }

    private ServiceCurve Slowed(CandidateWork work, double factor)
    {
        workspace.Varied.Fill(work.Cost(factor), work.Spec.Shape, work.Limits.MaxConcurrentRequests);
        return workspace.Varied;
    }
}
