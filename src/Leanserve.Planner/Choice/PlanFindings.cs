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
            TalentSufficient = Talent(plan, oae),
        };

    private static PlanFinding Adoption(DeploymentPlan plan, OaeAssessment oae, PlannerConstants constants)
    {
        var affordable = plan.Input.Team.Engineers * WeeksPerQuarter * constants[Constant.AdoptionShareOfQuarter];
        var holds = oae.AdoptionEngineerWeeks <= affordable;
        var message = $"Adoption takes {Wording.Digits(oae.AdoptionEngineerWeeks)} engineer-weeks; {plan.Input.Team.Engineers} engineer(s) can give {Wording.Digits(affordable)} in a quarter.";
        return new(holds, holds ? "WithinBudget" : "TooMuchWork", message);
    }

    private static PlanFinding Robust(DeploymentPlan plan, OaeAssessment oae)
    {
        var needed = plan.Input.Objectives.Percentile / 100.0;
        var (name, share) = Worst(oae.Scenarios);
        var holds = share >= needed;
        var where = Wording.Percent(share) == Wording.Percent(oae.Scenarios.Nominal) ? "In each of five scenarios (stated load, burst, longer prompts, slower hardware, changing documents)" : $"In the worst of five scenarios ({name})";
        var message = $"{where} {Wording.Percent(share)} of requests meet the objectives; {plan.Input.Objectives.Percentile} % must."
            + (holds ? "" : " More replicas, looser objectives or a smaller burst would close the gap.");
        return new(holds, holds ? "AllScenariosHold" : name.Replace(" ", "", StringComparison.Ordinal), message);
    }

    private static PlanFinding Talent(DeploymentPlan plan, OaeAssessment oae)
    {
        var needed = PeopleEffort.NeededLevel(plan.Selected!.Parts);
        var message = $"{SummarySentence.Strategy(plan.Selected)} needs {needed} expertise; the team has {plan.Input.Team.Expertise}.";
        return new(oae.TalentGap == 0, oae.TalentGap == 0 ? "TeamSuffices" : "ExpertiseMissing", message);
    }

    private static (string Name, double Share) Worst(ScenarioShares shares)
    {
        (string Name, double Share)[] all =
        [
            ("Nominal", shares.Nominal), ("Burst", shares.Burst), ("Noisy Input", shares.NoisyInput),
            ("Commodity Hardware", shares.CommodityHardware), ("Knowledge Change", shares.KnowledgeChange),
        ];
        return all.MinBy(scenario => scenario.Share);
    }
}
