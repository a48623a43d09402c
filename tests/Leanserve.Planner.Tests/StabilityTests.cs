using CsCheck;
using Leanserve.Contracts;

namespace Leanserve.Planner.Tests;

/// <summary>The trials of halved and doubled constants against whole plans made with them.</summary>
public sealed class StabilityTests
{
    private static readonly Constant[] People =
    [
        Constant.HorizonMonths, Constant.TalentGapMultiplier, Constant.FurtherReplicaCare,
        .. Enum.GetValues<Constant>().Where(name => name is >= Constant.EffortGeneralist and <= Constant.EffortResearch or >= Constant.ContainerAdoptionHours and <= Constant.SecondModelOperationsHours),
    ];

    [Fact]
    public void Trials_OfPeopleAndEfficiency_ChangeWhatWholePlansChange()
    {
        var changes = 0;
        GeneratedInputs.Any.Sample(
            input =>
            {
                // Drafts go with the best that samples, which other constants may make another.
                input = input with { Traffic = input.Traffic with { CopiedShare = 0 } };
                if (DeploymentPlanner.Plan(input) is { Stability: { } stability } plan)
                {
                    var expected = PlansOfPeople(input).Concat(PlansOfEfficiency(input)).Where(trial => Winner(trial.Plan) != Winner(plan)).Select(trial => $"{trial.Name} gives {Winner(trial.Plan)}");
                    Assert.Equal(expected.Order(StringComparer.Ordinal), stability.Changes.Order(StringComparer.Ordinal));
                    Interlocked.Add(ref changes, stability.Changes.Count);
                }
            },
            iter: 300);
        Assert.True(changes > 0);
    }

    [Fact]
    public void Trials_OfPartsThatNoCandidateHas_AreLeftOut()
    {
        // Without documents: 2 × (horizon, the team's factor, two for each of containers, images, volumes, models and knobs, six efficiencies of 4-bit weights).
        var plan = DeploymentPlanner.Plan(Cases.OnL4(qps: 0.05) with { Objectives = new() });
        Assert.All(plan.Candidates.Where(candidate => candidate.Verdict is not CandidateVerdict.Rejected), candidate => Assert.Equal(1, candidate.Replicas));
        Assert.Equal(2 * (2 + 10 + 6), plan.Stability!.Trials);
    }

    private static IEnumerable<(string Name, DeploymentPlan Plan)> PlansOfPeople(PlanInput input) =>
        from factor in (double[])[0.5, 2]
        from constant in People
        let assumed = new Dictionary<string, double> { [constant.ToString()] = PlannerConstants.Default[constant] * factor }
        // A multiplier below 1 is nothing that a user may state; the feasible candidates' parts need a generalist, whom it does not concern.
        where PlannerConstants.Violation(constant.ToString(), assumed[constant.ToString()]) is null
        select ($"{constant} × {factor}", DeploymentPlanner.ChooseBriefly(input with { Assumptions = assumed }));

    private static IEnumerable<(string Name, DeploymentPlan Plan)> PlansOfEfficiency(PlanInput input)
    {
        var profile = EngineProfiles.For(input.Node.Kind);
        foreach (var factor in (double[])[0.5, 2])
        {
            yield return With(nameof(profile.ComputeEfficiency), profile with { ComputeEfficiency = profile.ComputeEfficiency * factor });
            yield return With(nameof(profile.BandwidthEfficiency), profile with { BandwidthEfficiency = profile.BandwidthEfficiency * factor });
            yield return With(nameof(profile.AttentionEfficiency), profile with { AttentionEfficiency = profile.AttentionEfficiency * factor });
            yield return With(nameof(profile.KvBandwidthEfficiency), profile with { KvBandwidthEfficiency = profile.KvBandwidthEfficiency * factor });
            if (profile.QuantizedTokenEfficiency > 0 && input.Weights[0].Precision is WeightPrecision.Int4 or WeightPrecision.Int8)
            {
                yield return With(nameof(profile.QuantizedTokenEfficiency), profile with { QuantizedTokenEfficiency = profile.QuantizedTokenEfficiency * factor });
                yield return With(nameof(profile.QuantizedBandwidthFactor), profile with { QuantizedBandwidthFactor = profile.QuantizedBandwidthFactor * factor });
            }

            (string, DeploymentPlan) With(string name, EngineProfile its) => ($"{name} × {factor}", DeploymentPlanner.ChooseBriefly(input with { EngineProfile = its }));
        }
    }

    private static string Winner(DeploymentPlan plan) => plan.Selected switch
    {
        null => "nothing feasible",
        { Decoding: DecodingMode.BeamSearch } selected => $"{selected.Knowledge} with BeamSearch",
        { } selected => selected.Knowledge.ToString(),
    };
}
