using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Halves and doubles, one at a time, each constant of people's effort and each efficiency factor that counts for the candidates in question, and sees whether the choice survives.</summary>
internal static class StabilityTrials
{
    private static readonly (string Name, Func<EngineProfile, double, EngineProfile> Scale)[] Efficiencies =
    [
        ("ComputeEfficiency", (profile, factor) => profile with { ComputeEfficiency = profile.ComputeEfficiency * factor }),
        ("BandwidthEfficiency", (profile, factor) => profile with { BandwidthEfficiency = profile.BandwidthEfficiency * factor }),
        ("AttentionEfficiency", (profile, factor) => profile with { AttentionEfficiency = profile.AttentionEfficiency * factor }),
        ("KvBandwidthEfficiency", (profile, factor) => profile with { KvBandwidthEfficiency = profile.KvBandwidthEfficiency * factor }),
    ];

    // Quantised weights made token by token. Elsewhere their own factors only multiply those above, so that these trials stand for theirs.
    private static readonly (string Name, Func<EngineProfile, double, EngineProfile> Scale)[] TokenByToken =
    [
        ("QuantizedTokenEfficiency", (profile, factor) => profile with { QuantizedTokenEfficiency = profile.QuantizedTokenEfficiency * factor }),
        ("QuantizedBandwidthFactor", (profile, factor) => profile with { QuantizedBandwidthFactor = profile.QuantizedBandwidthFactor * factor }),
    ];

    public static StabilityReport Run(DeploymentPlan plan)
    {
        var constants = PlannerConstants.Default.With(plan.Input.Assumptions);
        var profile = DeploymentPlanner.ProfileOf(plan.Input);
        var winner = SensitivityAnalysis.Winner(plan);
        var people = People(plan).ToList();
        var tokenByToken = profile.QuantizedTokenEfficiency > 0 && plan.Input.Weights.Any(weights => weights.Precision is WeightPrecision.Int8 or WeightPrecision.Int4);
        var efficiencies = tokenByToken ? [.. Efficiencies, .. TokenByToken] : Efficiencies;
        var trials = 0;
        var changes = new List<string>();
        foreach (var factor in (double[])[0.5, 2])
        {
            foreach (var constant in people)
            {
                Try($"{constant} × {factor}", Ranking.Reselect(plan, constants.Scaled(constant, factor)));
            }

            foreach (var (what, scale) in efficiencies)
            {
                Try($"{what} × {factor}", SensitivityAnalysis.Winner(DeploymentPlanner.ChooseBriefly(plan.Input, scale(profile, factor))));
            }
        }

        return new StabilityReport(trials, changes);

        void Try(string what, string there)
        {
            trials++;
            if (there != winner)
            {
                changes.Add($"{what} gives {there}");
            }
        }
    }

    // Hours of parts that no candidate in question has change nothing, and so do gaps and replicas that none has.
    private static IEnumerable<Constant> People(DeploymentPlan plan)
    {
        var rivals = plan.Candidates.Where(candidate => candidate.Verdict is not CandidateVerdict.Rejected).ToList();
        yield return Constant.HorizonMonths;
        yield return PeopleEffort.FactorOf(plan.Input.Team);
        if (rivals.Exists(candidate => candidate.Oae!.TalentGap > 0))
        {
            yield return Constant.TalentGapMultiplier;
        }

        if (rivals.Exists(candidate => candidate.Replicas > 1))
        {
            yield return Constant.FurtherReplicaCare;
        }

        foreach (var kind in Enum.GetValues<PartKind>().Where(kind => rivals.Exists(candidate => candidate.Parts.Count(kind) > 0)))
        {
            yield return PeopleEffort.AdoptionHoursOf(kind);
            yield return PeopleEffort.OperationsHoursOf(kind);
        }
    }
}
