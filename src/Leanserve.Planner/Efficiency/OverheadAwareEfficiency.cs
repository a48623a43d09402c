namespace Leanserve.Planner;

/// <summary>Computes costs, energy and effort of a candidate; the score itself follows once the cheapest hardware among all candidates is known.</summary>
internal static class OverheadAwareEfficiency
{
    private const double JoulesPerKilowattHour = 3.6e6;
    private const double SecondsPerHour = 3600;

    /// <param name="input">The deployment.</param>
    /// <param name="spec">The candidate.</param>
    /// <param name="replicas">Its replicas.</param>
    /// <param name="load">Load of one replica's hardware, in [0, 1].</param>
    /// <param name="shares">Share of requests within the objectives in each scenario.</param>
    /// <param name="constants">The constants in force.</param>
    public static OaeAssessment Assess(PlanInput input, CandidateSpec spec, int replicas, double load, ScenarioShares shares, PlannerConstants constants)
    {
        var adoptionHours = PeopleEffort.AdoptionHours(spec.Parts, input.Team, constants);
        var operationsHours = PeopleEffort.OperationsHoursPerMonth(spec.Parts, input.Team, replicas, constants);
        var hours = constants[Constant.HoursPerMonth];
        var kilowattHours = replicas * EnergyUse.Watts(input.Node, load, constants) / 1000 * hours;
        var grams = (kilowattHours * (input.Prices.GridGramsCo2PerKilowattHour ?? constants[Constant.GridGramsCo2PerKilowattHour]))
            + (replicas * EmbodiedGramsPerMonth(input.Node, constants));
        var queries = input.Traffic.QueriesPerSecond * hours * SecondsPerHour;
        var millionTokens = queries * input.Traffic.OutputTokens / 1e6;
        var cost = new MonthlyCost
        {
            HardwareUsd = HardwareUsd(input, replicas, constants),
            EnergyUsd = kilowattHours * (input.Prices.ElectricityUsdPerKilowattHour ?? constants[Constant.ElectricityUsdPerKilowattHour]),
            CarbonUsd = grams / 1e6 * constants[Constant.CarbonUsdPerTonne],
            AdoptionUsd = adoptionHours * input.Team.HourlyCostUsd / constants[Constant.HorizonMonths],
            OperationsUsd = operationsHours * input.Team.HourlyCostUsd,
            ServicesUsd = queries * spec.UsdPerQuery,
        };
        return new OaeAssessment
        {
            Score = 0,
            Cost = cost,
            UsdPerMillionTokens = cost.TotalUsd / millionTokens,
            AdoptionEngineerWeeks = adoptionHours / constants[Constant.WorkingHoursPerWeek],
            OperationsHoursPerMonth = operationsHours,
            Scenarios = shares,
            AnswerQuality = spec.Quality,
            TalentGap = Math.Max(PeopleEffort.NeededLevel(spec.Parts, constants) - input.Team.Expertise, 0),
            JoulesPerToken = kilowattHours * JoulesPerKilowattHour / (millionTokens * 1e6),
            GramsCo2PerMillionTokens = grams / millionTokens,
        };
    }

    /// <summary>The score: (good / demanded tokens) × (cheapest bare hardware / all-in cost).</summary>
    public static double Score(OaeAssessment oae, double cheapestHardwareUsd) =>
        oae.Scenarios.Mean * oae.AnswerQuality * (cheapestHardwareUsd / oae.Cost.TotalUsd);

    /// <summary>A candidate's assessment with people's effort counted by other constants, the score included.</summary>
    public static OaeAssessment Recount(PlanInput input, Candidate candidate, PlannerConstants constants)
    {
        var before = candidate.Oae!;
        var cost = before.Cost with
        {
            AdoptionUsd = PeopleEffort.AdoptionHours(candidate.Parts, input.Team, constants) * input.Team.HourlyCostUsd / constants[Constant.HorizonMonths],
            OperationsUsd = PeopleEffort.OperationsHoursPerMonth(candidate.Parts, input.Team, candidate.Replicas, constants) * input.Team.HourlyCostUsd,
        };
        return before with { Cost = cost, Score = before.Score * before.Cost.TotalUsd / cost.TotalUsd };
    }

    /// <summary>Hourly price of one accelerator, or of the node: stated, of the catalogue, or assumed.</summary>
    public static double UsdPerHour(PlanInput input, PlannerConstants constants) =>
        input.Prices.NodeUsdPerHour ?? input.Node.UsdPerHour ?? (input.Node.Kind is NodeKind.Cpu
            ? input.Node.Cores * constants[Constant.CpuCoreUsdPerHour]
            : constants[Constant.FallbackGpuUsdPerHour]);

    private static double HardwareUsd(PlanInput input, int replicas, PlannerConstants constants) =>
        replicas * UsdPerHour(input, constants) * constants[Constant.HoursPerMonth];

    private static double EmbodiedGramsPerMonth(NodeCapability node, PlannerConstants constants)
    {
        var kilograms = constants[node.Kind is NodeKind.Cpu ? Constant.EmbodiedKilogramsCo2PerCpuNode : Constant.EmbodiedKilogramsCo2PerGpu];
        return kilograms * 1000 / constants[Constant.HardwareLifeMonths];
    }
}
