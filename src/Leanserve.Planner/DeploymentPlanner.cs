namespace Leanserve.Planner;

/// <summary>Chooses the serving strategy with the least total overhead that meets the objectives. Pure: no clock, no I/O, no randomness.</summary>
public static class DeploymentPlanner
{
    /// <summary>The plan with every candidate, its margin, what would change the choice, and the nearest feasible change where nothing is feasible.</summary>
    /// <exception cref="ArgumentException">The input breaks a rule; the message lists every violation.</exception>
    public static DeploymentPlan Plan(PlanInput input)
    {
        var plan = Choose(input);
        return CopiedShareSearch.Complete(TechniqueLoads.Complete(plan.Feasible ? SensitivityAnalysis.Complete(plan) : FeasibilitySearch.Complete(plan)));
    }

    /// <summary>The choice and every candidate only, without what would change it.</summary>
    /// <exception cref="ArgumentException">The input breaks a rule; the message lists every violation.</exception>
    public static DeploymentPlan Choose(PlanInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        PlanInputRules.ThrowIfBroken(input);
        return Choose(input, ProfileOf(input), brief: false, techniques: true);
    }

    /// <summary>The choice among our runtime's own strategies, without what only readers need: what sweeps over thousands of points take.</summary>
    /// <exception cref="ArgumentException">The input breaks a rule; the message lists every violation.</exception>
    public static DeploymentPlan ChooseBriefly(PlanInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        PlanInputRules.ThrowIfBroken(input);
        return Choose(input, ProfileOf(input), brief: true, techniques: false);
    }

    internal static DeploymentPlan ChooseBriefly(PlanInput input, EngineProfile profile) => Choose(input, profile, brief: true, techniques: false);

    /// <summary>Our runtime's own strategies and the techniques beside them, without what only readers need.</summary>
    internal static DeploymentPlan CompareBriefly(PlanInput input) => Choose(input, ProfileOf(input), brief: true, techniques: true);

    internal static EngineProfile ProfileOf(PlanInput input) => input.EngineProfile ?? EngineProfiles.For(input.Node.Kind);

    private static DeploymentPlan Choose(PlanInput input, EngineProfile profile, bool brief, bool techniques)
    {
        var constants = PlannerConstants.Default.With(input.Assumptions);
        var evaluator = new CandidateEvaluator(input, constants, profile, brief);
        var specs = NativeSpecs.All(input, constants).ToArray();
        var natives = Array.ConvertAll(specs, evaluator.Evaluate);
        var candidates = new List<Candidate>(natives);
        var basis = techniques || input.Traffic.CopiedShare > 0 ? TechniqueBasis(input, natives) : -1;
        for (var i = 0; i < natives.Length; i++)
        {
            // Where nothing repeats, drafts save nothing: there they are shown beside the basis only.
            if (input.Traffic.CopiedShare > 0 ? Samples(natives[i]) : i == basis)
            {
                candidates.Add(evaluator.Evaluate(TechniqueSpecs.NGram(input, constants, specs[i])));
            }
        }

        if (techniques && basis >= 0)
        {
            candidates.AddRange(TechniqueSpecs.All(input, constants, specs[basis]).Select(evaluator.Evaluate));
        }

        return Ranking.Rank(input, constants, candidates, basis);
    }

    // Techniques are judged against the best way that our own runtime samples, of a pinned use of the documents if any; ties go to the earlier, simpler one.
    private static int TechniqueBasis(PlanInput input, Candidate[] natives)
    {
        var best = -1;
        for (var i = 0; i < natives.Length; i++)
        {
            if (Samples(natives[i]) && (best < 0 || Better(input, natives[i], natives[best])))
            {
                best = i;
            }
        }

        return best;
    }

    private static bool Samples(Candidate native) => native is { Oae: not null, Decoding: Contracts.DecodingMode.Sampling };

    private static bool Better(PlanInput input, Candidate one, Candidate other)
    {
        if (input.Pins.Knowledge is { } pinned && (one.Knowledge == pinned) != (other.Knowledge == pinned))
        {
            return one.Knowledge == pinned;
        }

        var progress = Ranking.Progress(one).CompareTo(Ranking.Progress(other));
        return progress != 0 ? progress > 0 : OverheadAwareEfficiency.Score(one.Oae!, 1) > OverheadAwareEfficiency.Score(other.Oae!, 1);
    }
}
