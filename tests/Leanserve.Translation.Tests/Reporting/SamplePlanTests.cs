using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Translation.Tests.Reporting;

/// <summary>Each sample leads where its first comment says.</summary>
public sealed class SamplePlanTests
{
    [Fact]
    public void Quickstart_WithoutDocuments_IsDense() => Assert.Equal(KnowledgeMode.Dense, Selected("quickstart").Knowledge);

    [Fact]
    public void Wiki_LargerThanTheContext_IsRag() => Assert.Equal(KnowledgeMode.Rag, Selected("wiki").Knowledge);

    [Fact]
    public void Exact_RequiresTheMostProbableAnswer_IsBeamSearch() => Assert.Equal(DecodingMode.BeamSearch, Selected("exact").Decoding);

    [Fact]
    public void Handbook_FitsEveryWay_TakesTheHighestScoreOfTheThree()
    {
        var plan = SamplePlans.Of("handbook").Plan;

        var ways = plan.Candidates.Where(candidate => candidate.Technique is Technique.Native && candidate.Verdict is not CandidateVerdict.Rejected).ToList();
        Assert.Equal([KnowledgeMode.Dense, KnowledgeMode.Cag, KnowledgeMode.Rag], ways.Select(way => way.Knowledge).Distinct().Order());
        Assert.Equal(ways.Max(way => way.Oae!.Score), plan.Selected!.Oae!.Score);
    }

    [Fact]
    public void GpuPlan_IsFeasible() => Assert.Equal(WeightPrecision.Int4, Selected("gpu-plan").Precision);

    [Fact]
    public void Infeasible_SaysWhatWouldMakeItFeasible()
    {
        var plan = SamplePlans.Of("infeasible").Plan;

        Assert.False(plan.Feasible);
        Assert.NotEmpty(plan.NearestFeasibleChange!.Message);
    }

    private static Candidate Selected(string name)
    {
        var plan = SamplePlans.Of(name).Plan;
        Assert.True(plan.Feasible, plan.Summary);
        return plan.Selected!;
    }
}
