namespace Leanserve.Planner;

/// <summary>Share of requests within the objectives in the five scenarios of robustness.</summary>
internal sealed class ScenarioJudge(PlanInput input, PlannerConstants constants, PlanWorkspace workspace)
{
    // Means and, nearly, standard deviation of what was simulated past capacity, of answers of one length: over 177 candidates of random deployments whose cohorts
    // cost time, and over 96 whose cohorts save some.
    private const double MeanDearCohorts = 0.7;
    private const double MeanCheapCohorts = 0;
    private const double CohortsSpread = 0.4;

    private const double Noticeable = 1e-6;

    /// <param name="work">The candidate's cost and shape; the workspace's nominal curve is filled for it.</param>
    /// <param name="replicas">Replicas that share the load.</param>
    /// <param name="nominal">The share under the nominal load.</param>
    public ScenarioShares Judge(CandidateWork work, int replicas, double nominal)
    {
        var perReplica = input.Traffic.QueriesPerSecond / replicas;
        var usual = work.Spec.Shape.PromptTokens;
        var burst = input.Traffic.BurstFactor <= 1 ? nominal : Expected(workspace.Nominal, perReplica * input.Traffic.BurstFactor, new(usual), work);
        var commodity = Expected(Slowed(work, constants[Constant.CommodityFactor]), perReplica, new(usual), work);
        return new ScenarioShares(nominal, burst, Noisy(work, perReplica), commodity, Changing(work, perReplica, nominal));
    }

    /// <summary>Share within the objectives under a load, by a filled curve.</summary>
    public double Share(ServiceCurve curve, double perReplica, double ownPromptTokens, CandidateWork work) => Share(curve, perReplica, new OwnPrompt(ownPromptTokens), work);

    /// <summary>Tokens that a request of the noisy scenario computes before its answer.</summary>
    /// <param name="work">The candidate.</param>
    /// <param name="constants">The constants in force.</param>
    /// <param name="longest">Whether it is one of the <see cref="Constant.NoisyTailShare"/>.</param>
    public static double NoisyPromptTokens(CandidateWork work, PlannerConstants constants, bool longest)
    {
        var factor = constants[Constant.NoisyPromptFactor] + (longest ? constants[Constant.NoisyTailFactor] - 1 : 0);
        return work.Spec.Shape.PromptTokens + (work.Input.Traffic.PromptTokens * (factor - 1));
    }

    private double Noisy(CandidateWork work, double perReplica)
    {
        var tail = constants[Constant.NoisyTailShare];
        var longer = NoisyPromptTokens(work, constants, longest: false);
        var longest = NoisyPromptTokens(work, constants, longest: true);
        var mean = ((1 - tail) * longer) + (tail * longest);
        workspace.Varied.Fill(workspace.Nominal.Cost, work.Spec.Shape with { PromptTokens = mean }, work.Limits.MaxConcurrentRequests);
        return Expected(workspace.Varied, perReplica, new(longer, longest, tail), work);
    }

    // Within the window the documents change once; while the cache or index is rebuilt, requests get part of the speed.
    private double Changing(CandidateWork work, double perReplica, double nominal)
    {
        var rebuild = work.RebuildSeconds(input, constants);
        if (rebuild <= 0)
        {
            return nominal;
        }

        var during = Expected(Slowed(work, constants[Constant.RebuildSpeedShare]), perReplica, new(work.Spec.Shape.PromptTokens), work);
        var share = Math.Min(rebuild / constants[Constant.RebuildWindowSeconds], 1);
        return ((1 - share) * nominal) + (share * during);
    }

    // How far cohorts form is chance, which near capacity decides whether a load is carried: the mean over little, usual and much of it.
    private double Expected(ServiceCurve curve, double perReplica, OwnPrompt prompt, CandidateWork work)
    {
        if (!curve.HasCohorts)
        {
            return Share(curve, perReplica, prompt, work);
        }

        var usual = curve.CohortsCost ? MeanDearCohorts : MeanCheapCohorts;
        var much = WithCohorts(usual + CohortsSpread);
        var little = WithCohorts(usual - CohortsSpread);
        var share = Math.Abs(much - little) < Noticeable ? much : (much + little + WithCohorts(usual)) / 3;
        curve.ResetCohorts();
        return share;

        double WithCohorts(double degree)
        {
            curve.Cohorts = degree;
            return Share(curve, perReplica, prompt, work);
        }
    }

    private double Share(ServiceCurve curve, double perReplica, OwnPrompt prompt, CandidateWork work)
    {
        workspace.Queue.Solve(curve, perReplica, work.Limits.MaxQueuedRequests);
        var (first, whole) = input.Objectives.Bounds(work.Spec.Decoding);
        var share = workspace.Queue.ShareWithin(first, whole, prompt.Tokens);
        return prompt.LongestShare > 0
            ? ((1 - prompt.LongestShare) * share) + (prompt.LongestShare * workspace.Queue.ShareWithin(first, whole, prompt.LongestTokens))
            : share;
    }

    private ServiceCurve Slowed(CandidateWork work, double factor)
    {
        workspace.Varied.Fill(work.Cost(factor), work.Spec.Shape, work.Limits.MaxConcurrentRequests);
        return workspace.Varied;
    }

    // Prompt tokens of the judged requests, and of a share of them that has more.
    private readonly record struct OwnPrompt(double Tokens, double LongestTokens = 0, double LongestShare = 0);
}
