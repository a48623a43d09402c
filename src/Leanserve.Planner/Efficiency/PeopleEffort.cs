namespace Leanserve.Planner;

/// <summary>People's effort, counted from a bill of parts.</summary>
internal static class PeopleEffort
{
    private static readonly PartKind[] Kinds = Enum.GetValues<PartKind>();

    /// <summary>The hours of adoption of one part.</summary>
    public static Constant AdoptionHoursOf(PartKind kind) => Constant.ContainerAdoptionHours + (2 * (int)kind);

    /// <summary>Its hours of operation a month, which stand behind those of adoption in constants.csv.</summary>
    public static Constant OperationsHoursOf(PartKind kind) => AdoptionHoursOf(kind) + 1;

    /// <summary>The factor for the team's own expertise.</summary>
    public static Constant FactorOf(Team team) => Constant.EffortGeneralist + (int)team.Expertise;

    /// <summary>The highest level that any of the parts needs.</summary>
    public static ExpertiseLevel NeededLevel(BillOfParts bill, PlannerConstants constants)
    {
        var needed = ExpertiseLevel.Generalist;
        foreach (var part in bill.Parts)
        {
            var level = LevelOf(part.Kind, constants);
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
            var gap = Math.Max(LevelOf(kind, constants) - team.Expertise, 0);
            hours += bill.Count(kind) * constants[AdoptionHoursOf(kind)] * Math.Pow(constants[Constant.TalentGapMultiplier], gap);
        }

        return hours * TeamFactor(team, constants);
    }

    public static double OperationsHoursPerMonth(BillOfParts bill, Team team, int replicas, PlannerConstants constants)
    {
        var hours = 0.0;
        foreach (var kind in Kinds)
        {
            var gap = Math.Max(LevelOf(kind, constants) - team.Expertise, 0);
            hours += bill.Count(kind) * constants[OperationsHoursOf(kind)] * Math.Pow(constants[Constant.TalentGapMultiplier], gap);
        }

        return hours * TeamFactor(team, constants) * (1 + (constants[Constant.FurtherReplicaCare] * (replicas - 1)));
    }

    // What our operator renders and watches by itself needs a generalist.
    private static ExpertiseLevel LevelOf(PartKind kind, PlannerConstants constants)
    {
        Constant? level = kind switch
        {
            PartKind.ExternalService => Constant.ExternalServiceExpertise,
            PartKind.ScheduledJob => Constant.ScheduledJobExpertise,
            PartKind.SecondModel => Constant.SecondModelExpertise,
            PartKind.TrainingRun => Constant.TrainingRunExpertise,
            _ => null,
        };
        return level is { } name ? (ExpertiseLevel)constants[name] : ExpertiseLevel.Generalist;
    }

    private static double TeamFactor(Team team, PlannerConstants constants) => constants[FactorOf(team)];
}
