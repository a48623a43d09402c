using CsCheck;
using Leanserve.Contracts;

namespace Leanserve.Planner.Tests;

/// <summary>What must hold for every deployment.</summary>
public sealed class PlanProperties
{
    private const int Cases = 10_000;

    // Formulas are approximations: one median in 100,000 rises by 1.7 %.
    private const double Approximate = 1.002;

    [Fact]
    public void Selected_WithoutDocuments_IsDense() => Check(GeneratedInputs.Any, input =>
    {
        var plan = DeploymentPlanner.ChooseBriefly(input with { Knowledge = new() });
        Assert.True(plan.Selected is null or { Knowledge: KnowledgeMode.Dense });
    });

    [Fact]
    public void Candidates_WithDocumentsBeyondTheContext_AreNeverCagOrDense() => Check(GeneratedInputs.Any, input =>
    {
        var plan = DeploymentPlanner.ChooseBriefly(input with { Knowledge = new() { Tokens = input.Geometry.MaxContextTokens, Sources = 1 } });
        Assert.All(plan.Candidates.Where(candidate => candidate.Technique is Technique.Native && candidate.Knowledge is not KnowledgeMode.Rag), candidate =>
        {
            Assert.Equal(CandidateVerdict.Rejected, candidate.Verdict);
            Assert.Contains(candidate.Reason, (string[])[RejectionReason.ContextTooLong, RejectionReason.NotExact, RejectionReason.PrecisionUnsupported]);
        });
    });

    [Fact]
    public void Replicas_UnderMoreLoad_NeverFall() => Check(Gen.Select(GeneratedInputs.Any, Gen.Double[1, 10]), pair =>
    {
        var (input, factor) = pair;
        var before = Natives(DeploymentPlanner.ChooseBriefly(input));
        var after = Natives(DeploymentPlanner.ChooseBriefly(input with { Traffic = input.Traffic with { QueriesPerSecond = input.Traffic.QueriesPerSecond * factor } }));
        Assert.All(before.Zip(after), both => Assert.True(
            both.Second.Verdict is CandidateVerdict.Rejected || both.First.Replicas <= both.Second.Replicas, $"{both.First.Name}: {both.First.Replicas} then {both.Second.Replicas}"));
    });

    [Fact]
    public void Feasible_OnABetterNode_StaysFeasible() => Check(Gen.Select(GeneratedInputs.Any, Gen.Double[1, 4], Gen.Double[1, 4], Gen.Double[1, 4]), all =>
    {
        var (input, memory, bandwidth, flops) = all;
        var better = input with
        {
            Node = input.Node with
            {
                MemoryBytes = (long)(input.Node.MemoryBytes * memory),
                BandwidthBytesPerSecond = input.Node.BandwidthBytesPerSecond * bandwidth,
                FlopsPerSecond = input.Node.FlopsPerSecond * flops,
            },
        };
        Assert.True(!DeploymentPlanner.ChooseBriefly(input).Feasible || DeploymentPlanner.ChooseBriefly(better).Feasible);
    });

    [Fact]
    public void Feasible_WithMoreOfTheAnswersRepeated_StaysFeasible() => Check(Gen.Select(GeneratedInputs.Any, Gen.Double[0, 1]), pair =>
    {
        var (input, more) = pair;
        var copied = input.Traffic.CopiedShare;
        var repeating = input with { Traffic = input.Traffic with { CopiedShare = copied + ((1 - copied) * more) } };
        Assert.True(!DeploymentPlanner.ChooseBriefly(input).Feasible || DeploymentPlanner.ChooseBriefly(repeating).Feasible);
    });

    [Fact]
    public void Drafts_WhereNothingRepeats_AreNeverChosen() => Check(GeneratedInputs.Any, input =>
    {
        var plan = DeploymentPlanner.Choose(input with { Traffic = input.Traffic with { CopiedShare = 0 } });
        Assert.True(plan.Selected is null or { DraftTokens: 0 });
        Assert.DoesNotContain(plan.Candidates, candidate => candidate.DraftTokens > 0 && candidate.Verdict is not CandidateVerdict.Rejected);
    });

    [Fact]
    public void Latency_OnAFasterNodeThatAdmitsAsMany_NeverRises() => Check(Gen.Select(GeneratedInputs.Any, Gen.Double[1, 4], Gen.Double[1, 4]), all =>
    {
        var (input, bandwidth, flops) = all;
        input = input with { Replicas = new() { Min = 2, Max = 2 } };
        var node = input.Node with { BandwidthBytesPerSecond = input.Node.BandwidthBytesPerSecond * bandwidth, FlopsPerSecond = input.Node.FlopsPerSecond * flops };
        foreach (var (before, after) in Natives(DeploymentPlanner.Choose(input)).Zip(Natives(DeploymentPlanner.Choose(input with { Node = node }))))
        {
            // Where a faster node gains by admitting more requests at once, each is slower than alone, but fewer wait: percentiles may move either way.
            if (before is { Latency: { } slow, Verdict: not CandidateVerdict.Rejected } && before.Limits!.MaxConcurrentRequests == after.Limits!.MaxConcurrentRequests)
            {
                Assert.True(after.Latency!.E2eP50 <= slow.E2eP50 * Approximate, $"{before.Name}: answer {slow.E2eP50} then {after.Latency.E2eP50}");
                Assert.True(after.Latency.TtftP50 <= slow.TtftP50 * Approximate, $"{before.Name}: first token {slow.TtftP50} then {after.Latency.TtftP50}");
            }
        }
    });

    [Fact]
    public void TalentGap_OfAMoreExpertTeam_IsNeverLarger() => Check(GeneratedInputs.Any, input =>
    {
        var gaps = Enum.GetValues<ExpertiseLevel>().Select(level => DeploymentPlanner.Choose(input with { Team = new() { Expertise = level } }))
            .Select(plan => plan.Candidates.Where(candidate => candidate.Oae is not null).ToDictionary(candidate => candidate.Name, candidate => candidate.Oae!.TalentGap)).ToList();
        Assert.All(gaps.Zip(gaps.Skip(1)), pair => Assert.All(pair.First, gap => Assert.True(!pair.Second.TryGetValue(gap.Key, out var next) || next <= gap.Value)));
    });

    [Fact]
    public void Plan_WithAnotherNodeName_IsTheSame() => Check(GeneratedInputs.Any, input =>
        Assert.Equal(Numbers(DeploymentPlanner.Choose(input)), Numbers(DeploymentPlanner.Choose(input with { Node = input.Node with { Name = "other" } }))));

    [Fact]
    public void Plan_OfTheSameInput_IsTheSame() => Check(GeneratedInputs.Any, input =>
    {
        var plan = DeploymentPlanner.Choose(input);
        Assert.Equal(plan.Candidates.Select(candidate => candidate.Message), DeploymentPlanner.Choose(plan.Input).Candidates.Select(candidate => candidate.Message));
    });

    [Fact]
    public void Pin_Always_IsObeyedOrRefusedWithAReason() => Check(Gen.Select(GeneratedInputs.Any, Gen.Enum<KnowledgeMode>(), Gen.Enum<DecodingMode>()), all =>
    {
        var (input, knowledge, decoding) = all;
        var plan = DeploymentPlanner.ChooseBriefly(input with { Pins = new() { Knowledge = knowledge, Decoding = decoding } });
        Assert.True(plan.Selected is null || (plan.Selected.Knowledge == knowledge && plan.Selected.Decoding == decoding));
        Assert.True(plan.Selected is not null || plan.Candidates.All(candidate => candidate.Verdict is CandidateVerdict.Rejected && candidate.Message.Length > 0));
    });

    [Fact]
    public void Scores_Always_LieBetweenZeroAndOneInMemoryThatIsThere() => Check(GeneratedInputs.Opinionated, input =>
    {
        var plan = DeploymentPlanner.Choose(input);
        Assert.True(double.IsFinite(plan.MarginPercent ?? 0));
        foreach (var candidate in plan.Candidates)
        {
            if (candidate.Oae is { } oae)
            {
                Assert.InRange(oae.Score, candidate.Verdict is CandidateVerdict.Rejected ? 0 : double.Epsilon, 1);
                Assert.True(candidate.Memory.TotalBytes <= candidate.Memory.AvailableBytes);
            }
        }
    });

    [Fact]
    public void Rejections_Always_CarryAKnownReasonAndASentence() => Check(GeneratedInputs.Any, input =>
        Assert.All(DeploymentPlanner.Choose(input).Candidates.Where(candidate => candidate.Verdict is CandidateVerdict.Rejected), candidate =>
        {
            Assert.Contains(candidate.Reason, RejectionReason.All);
            Assert.EndsWith(".", candidate.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", candidate.Message, StringComparison.Ordinal);
        }));

    internal static void Check<T>(Gen<T> inputs, Action<T> property) => inputs.Sample(property, iter: Cases);

    private static List<Candidate> Natives(DeploymentPlan plan) =>
        [.. plan.Candidates.Where(candidate => candidate.Technique is Technique.Native).OrderBy(candidate => candidate.Name, StringComparer.Ordinal)];

    private static List<(string, CandidateVerdict, double?, double)> Numbers(DeploymentPlan plan) =>
        [.. plan.Candidates.Select(candidate => (candidate.Name, candidate.Verdict, candidate.Oae?.Score, candidate.CapacityQps))];
}
