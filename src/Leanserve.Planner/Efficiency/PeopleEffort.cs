namespace Leanserve.Planner;

/// <summary>People's effort, counted from a bill of parts.</summary>
internal static class PeopleEffort
{
    private static readonly PartKind[] Kinds = Enum.GetValues<PartKind>();

    /// <summary>The level that a part needs; what our operator renders and watches by itself needs a generalist.</summary>
    public static ExpertiseLevel LevelOf(PartKind kind) => kind switch
    {
        PartKind.ExternalService or PartKind.ScheduledJob => ExpertiseLevel.Platform,
        PartKind.SecondModel => ExpertiseLevel.MachineLearning,
        PartKind.TrainingRun => ExpertiseLevel.Research,
        _ => ExpertiseLevel.Generalist,
    };

    /// <summary>The highest level that any of the parts needs.</summary>
    public static ExpertiseLevel NeededLevel(BillOfParts bill)
    {
        var needed = ExpertiseLevel.Generalist;
        foreach (var part in bill.Parts)
        {
            var level = LevelOf(part.Kind);
            needed = level > needed ? level : needed;
        }

        return needed;
    }

    /// <summary>Hours until the strategy runs, for this team: more where parts need more than it has.</summary>
    public static double AdoptionHours(BillOfParts bill, Team team, PlannerConstants constants)
    {
        var hours = 0.0;
        foreach (var kind in Kinds)
        {
            var gap = Math.Max(LevelOf(kind) - team.Expertise, 0);
            hours += bill.Count(kind) * constants[AdoptionHoursOf(kind)] * Math.Pow(constants[Constant.TalentGapMultiplier], gap);
        }

        return hours * TeamFactor(team, constants);
    }

    public static double OperationsHoursPerMonth(BillOfParts bill, Team team, int replicas, PlannerConstants constants)
    {
        var hours = 0.0;
        foreach (var kind in Kinds)
        {
            var gap = Math.Max(LevelOf(kind) - team.Expertise, 0);
            hours += bill.Count(kind) * constants[AdoptionHoursOf(kind) + 1] * Math.Pow(constants[Constant.TalentGapMultiplier], gap);
        }

        // A second replica of the same thing adds a tenth of the first one's care.
        return hours * TeamFactor(team, constants) * (1 + (0.1 * (replicas - 1)));
    }

    private static double TeamFactor(Team team, PlannerConstants constants) => constants[Constant.EffortGeneralist + (int)team.Expertise];

    // constants.csv holds the hours of operation behind those of adoption, for each kind.
    private static Constant AdoptionHoursOf(PartKind kind) => Constant.ContainerAdoptionHours + (2 * (int)kind);
}
