namespace Leanserve.Planner;

/// <summary>The three yes-or-no judgements on a selected strategy, with their numbers.</summary>
internal static class PlanFindings
{
    private const double WeeksPerQuarter = 13;

    public static DeploymentPlan Complete(DeploymentPlan plan, PlannerConstants constants) => plan.Selected?.Oae is not { } oae
        ? plan
        : plan with
        {
            AdoptionAffordable = Adoption(plan, oae, constants),
            RobustUnderConstraints = Robust(plan, oae),
            TalentSufficient = Talent(plan, oae, constants),
        };

    private static PlanFinding Adoption(DeploymentPlan plan, OaeAssessment oae, PlannerConstants constants)
    {
        var affordable = plan.Input.Team.Engineers * WeeksPerQuarter * constants[Constant.AdoptionShareOfQuarter];
        var holds = oae.AdoptionEngineerWeeks <= affordable;
        var (less, more) = Wording.Apart(Math.Min(oae.AdoptionEngineerWeeks, affordable), Math.Max(oae.AdoptionEngineerWeeks, affordable), Wording.Rough, digits: 2);
        var (takes, gives) = holds ? (less, more) : (more, less);
        var message = $"Adoption takes {takes} engineer-weeks; {Wording.Plural(plan.Input.Team.Engineers, "engineer")} can give {gives} in a quarter.";
        return new(holds, holds ? "WithinBudget" : "TooMuchWork", message);
    }

    private static PlanFinding Robust(DeploymentPlan plan, OaeAssessment oae)
    {
        var needed = plan.Input.Objectives.Percentile / 100.0;
        var (reason, name, share) = Worst(plan.Input, oae.Scenarios);
        var holds = share >= needed;
        var (told, percentile) = (Wording.Percent(share, plan.Input.Objectives.Percentile), plan.Input.Objectives.Percentile);
        var where = told == Wording.Percent(oae.Scenarios.Nominal, percentile) ? "In each of five scenarios (stated load, burst, longer prompts, slower hardware, changing documents)" : $"In the worst of five scenarios ({name})";
        var message = $"{where} {told} of requests meet the objectives; {percentile} % must."
            + (holds ? "" : $" {Remedy(reason)} would close the gap.");
        return new(holds, holds ? "AllScenariosHold" : reason, message);
    }

    private static PlanFinding Talent(DeploymentPlan plan, OaeAssessment oae, PlannerConstants constants)
    {
        var needed = PeopleEffort.NeededLevel(plan.Selected!.Parts, constants);
        var message = $"{SummarySentence.Strategy(plan.Selected)} needs {needed} expertise; the team has {plan.Input.Team.Expertise}.";
        return new(oae.TalentGap == 0, oae.TalentGap == 0 ? "TeamSuffices" : "ExpertiseMissing", message);
    }

    private static string Remedy(string scenario) => scenario switch
    {
        nameof(ScenarioShares.Burst) => "More replicas, looser objectives or a smaller burst",
        nameof(ScenarioShares.CommodityHardware) => "More replicas, looser objectives or faster hardware",
        nameof(ScenarioShares.KnowledgeChange) => "More replicas, looser objectives or fewer documents",
        _ => "More replicas or looser objectives",
    };

    private static (string Reason, string Name, double Share) Worst(PlanInput input, ScenarioShares shares)
    {
        (string Reason, string Name, double Share)[] all =
        [
            (nameof(shares.Nominal), "the stated load", shares.Nominal),
            (nameof(shares.Burst), $"a burst of {Wording.Digits(input.Traffic.BurstFactor)} times the load", shares.Burst),
            (nameof(shares.NoisyInput), "longer prompts", shares.NoisyInput),
            (nameof(shares.CommodityHardware), "slower hardware", shares.CommodityHardware),
            (nameof(shares.KnowledgeChange), "changing documents", shares.KnowledgeChange),
        ];
        return all.MinBy(scenario => scenario.Share);
    }
}
