using CsCheck;

namespace Leanserve.Planner.Tests;

/// <summary>Each part of a month's cost, counted anew from prices, hours, replicas and the bill of parts.</summary>
public sealed class CostTests
{
    private const double Hours = 730;

    private static readonly Gen<PlanInput> Inputs =
        from input in GeneratedInputs.Any
        from carbon in Gen.OneOf(Gen.Const(0.0), Gen.Double[1, 200])
        from care in Gen.Double[0, 1]
        select input with { Assumptions = new Dictionary<string, double> { ["CarbonUsdPerTonne"] = carbon, ["FurtherReplicaCare"] = care } };

    [Fact]
    public void Costs_OfEveryCandidate_AreTheSumOfTheirParts() => PlanProperties.Check(Inputs, input =>
    {
        foreach (var candidate in DeploymentPlanner.Choose(input).Candidates)
        {
            if (candidate.Oae is { } oae)
            {
                Same(Hardware(input, candidate), oae.Cost.HardwareUsd);
                Same(KilowattHours(input, oae) * (input.Prices.ElectricityUsdPerKilowattHour ?? 0.15), oae.Cost.EnergyUsd);
                Same(oae.GramsCo2PerMillionTokens * MillionTokens(input) / 1e6 * input.Assumptions["CarbonUsdPerTonne"], oae.Cost.CarbonUsd);
                Same(Effort(input, candidate, "Adoption") * input.Team.HourlyCostUsd / 12, oae.Cost.AdoptionUsd);
                Same(Effort(input, candidate, "Operations") * (1 + (input.Assumptions["FurtherReplicaCare"] * (candidate.Replicas - 1))) * input.Team.HourlyCostUsd, oae.Cost.OperationsUsd);
                Same(candidate.Technique is Technique.RemoteRag ? input.Traffic.QueriesPerSecond * 3600 * Hours * 0.02 / 1000 : 0, oae.Cost.ServicesUsd);
                Same(oae.Cost.HardwareUsd + oae.Cost.EnergyUsd + oae.Cost.CarbonUsd + oae.Cost.AdoptionUsd + oae.Cost.OperationsUsd + oae.Cost.ServicesUsd, oae.UsdPerMillionTokens * MillionTokens(input));
            }
        }
    });

    [Fact]
    public void Energy_OfEveryCandidate_LiesBetweenIdleAndFullPower() => PlanProperties.Check(GeneratedInputs.Any, input =>
    {
        foreach (var candidate in DeploymentPlanner.Choose(input).Candidates.Where(candidate => candidate.Oae is not null))
        {
            var watts = KilowattHours(input, candidate.Oae!) * 1000 / Hours / candidate.Replicas / 1.16;
            var isCpu = input.Node.Kind is NodeKind.Cpu;
            var design = input.Node.ThermalDesignWatts ?? (isCpu ? input.Node.Cores * 6 : 300);
            var (host, context) = isCpu ? (0, 0) : (60, 40);
            Assert.InRange(watts, ((design * 0.116) + context + host) * 0.999, (Math.Max(design * 1.02, (design * 0.116) + context) + host) * 1.001);
        }
    });

    [Fact]
    public void Hardware_WithoutAPrice_IsTheFallbackOfWhichTheUserIsTold()
    {
        var input = Cases.OnL4() with { Node = Cases.OnL4().Node with { Name = "A30", UsdPerHour = null } };
        var plan = DeploymentPlanner.Choose(input);
        Assert.Equal(plan.Selected!.Replicas * Hours * 1.0, plan.Selected.Oae!.Cost.HardwareUsd, 1e-9);
        Assert.Equal("The catalogue has no price for A30: $1.00 an hour is assumed (FallbackGpuUsdPerHour); state cost.gpuHourly.", Assert.Single(PlanNotes.Of(plan)));
        Assert.Empty(PlanNotes.Of(DeploymentPlanner.Choose(input with { Prices = new() { NodeUsdPerHour = 0.5 } })));
        Assert.Empty(PlanNotes.Of(DeploymentPlanner.Choose(Cases.OnL4())));
    }

    private static double Hardware(PlanInput input, Candidate candidate)
    {
        var hourly = input.Prices.NodeUsdPerHour ?? input.Node.UsdPerHour ?? (input.Node.Kind is NodeKind.Cpu ? input.Node.Cores * 0.043 : 1.0);
        return candidate.Replicas * hourly * Hours;
    }

    private static double KilowattHours(PlanInput input, OaeAssessment oae) => oae.JoulesPerToken * MillionTokens(input) * 1e6 / 3.6e6;

    private static double MillionTokens(PlanInput input) => input.Traffic.QueriesPerSecond * 3600 * Hours * input.Traffic.OutputTokens / 1e6;

    private static double Effort(PlanInput input, Candidate candidate, string of)
    {
        var hours = candidate.Parts.Parts.Sum(part =>
            part.Count * PlannerConstants.Default[Enum.Parse<Constant>($"{part.Kind}{of}Hours")] * Math.Pow(1.42, Math.Max(Level(part.Kind) - (int)input.Team.Expertise, 0)));
        return hours * ((double[])[1.2, 1, 0.8, 0.68])[(int)input.Team.Expertise];
    }

    private static int Level(PartKind kind) => kind switch
    {
        PartKind.ExternalService or PartKind.ScheduledJob => 1,
        PartKind.SecondModel => 2,
        PartKind.TrainingRun => 3,
        _ => 0,
    };

    private static void Same(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * Math.Max(Math.Abs(expected), 1e-9));
}
