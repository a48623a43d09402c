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
        var message = $"Adoption takes {Wording.Rough(oae.AdoptionEngineerWeeks)} engineer-weeks; {Wording.Plural(plan.Input.Team.Engineers, "engineer")} can give {Wording.Rough(affordable)} in a quarter.";
        return new(holds, holds ? "WithinBudget" : "TooMuchWork", message);
    }

    private static PlanFinding Robust(DeploymentPlan plan, OaeAssessment oae)
    {
        var needed = plan.Input.Objectives.Percentile / 100.0;
        var (reason, name, share) = Worst(plan.Input, oae.Scenarios);
        var holds = share >= needed;
        var where = Wording.Percent(share) == Wording.Percent(oae.Scenarios.Nominal) ? "In each of five scenarios (stated load, burst, longer prompts, slower hardware, changing documents)" : $"In the worst of five scenarios ({name})";
        var message = $"{where} {Wording.Percent(share)} of requests meet the objectives; {plan.Input.Objectives.Percentile} % must."
            + (holds ? "" : " More replicas, looser objectives or a smaller burst would close the gap.");
        return new(holds, holds ? "AllScenariosHold" : reason, message);
    }

    private static PlanFinding Talent(DeploymentPlan plan, OaeAssessment oae)
    {
        var needed = PeopleEffort.NeededLevel(plan.Selected!.Parts);
        var message = $"{SummarySentence.Strategy(plan.Selected)} needs {needed} expertise; the team has {plan.Input.Team.Expertise}.";
        return new(oae.TalentGap == 0, oae.TalentGap == 0 ? "TeamSuffices" : "ExpertiseMissing", message);
    }

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
