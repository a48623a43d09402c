namespace Leanserve.Planner;

/// <summary>Halves and doubles each people constant and each efficiency factor, and sees whether the choice survives.</summary>
internal static class StabilityTrials
{
    private static readonly Constant[] People =
        [.. Enum.GetValues<Constant>().Where(name => name is >= Constant.ContainerAdoptionHours and <= Constant.SecondModelOperationsHours)];

    private static readonly (string Name, Func<EngineProfile, double, EngineProfile> Scale)[] Efficiencies =
    [
        ("ComputeEfficiency", (profile, factor) => profile with { ComputeEfficiency = profile.ComputeEfficiency * factor }),
        ("BandwidthEfficiency", (profile, factor) => profile with { BandwidthEfficiency = profile.BandwidthEfficiency * factor }),
        ("AttentionEfficiency", (profile, factor) => profile with { AttentionEfficiency = profile.AttentionEfficiency * factor }),
        ("KvBandwidthEfficiency", (profile, factor) => profile with { KvBandwidthEfficiency = profile.KvBandwidthEfficiency * factor }),
    ];

    public static StabilityReport Run(DeploymentPlan plan)
    {
        var constants = PlannerConstants.Default.With(plan.Input.Assumptions);
        var profile = DeploymentPlanner.ProfileOf(plan.Input);
        var winner = SensitivityAnalysis.Winner(plan);
        var trials = 0;
        var changes = new List<string>();
        foreach (var factor in (double[])[0.5, 2])
        {
            foreach (var constant in People)
            {
                Try($"{constant} × {factor}", Ranking.Reselect(plan, constants.Scaled(constant, factor)));
            }

            foreach (var (what, scale) in Efficiencies)
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
}
