using System.Globalization;
using System.Text.RegularExpressions;
using Leanserve.Contracts;

namespace Leanserve.Planner.Tests;

/// <summary>Rejections name what helps, and nothing else.</summary>
public sealed class RemedyTests
{
    private static readonly string[] TooLarge = [RejectionReason.WeightsTooLarge, RejectionReason.KnowledgeCacheTooLarge, RejectionReason.RequestCacheTooLarge];
    private static readonly string[] Unfit = [.. TooLarge, RejectionReason.PrecisionUnsupported, RejectionReason.ContextTooLong, RejectionReason.KnowledgeNeverCurrent];

    [Fact]
    public void Remedies_OfWhatDoesNotFit_Help() => PlanProperties.Check(GeneratedInputs.Any, input =>
    {
        input = input with { Objectives = input.Objectives with { Exactness = AnswerExactness.Standard } };
        foreach (var candidate in DeploymentPlanner.ChooseBriefly(input).Candidates.Where(each => each.Technique is Technique.Native && Unfit.Contains(each.Reason)))
        {
            if (candidate.Message.Contains("use RAG", StringComparison.Ordinal))
            {
                Assert.NotEqual(KnowledgeMode.Rag, candidate.Knowledge);
                Assert.False(Unfit.Contains(Same(DeploymentPlanner.ChooseBriefly(input), KnowledgeMode.Rag, candidate.Decoding).Reason), candidate.Message);
            }

            if (Regex.Match(candidate.Message, "(keep to|there is room for) ([0-9,]+)") is { Success: true } kept && kept.Groups[2].Value != "0")
            {
                var tokens = long.Parse(kept.Groups[2].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
                var fewer = DeploymentPlanner.ChooseBriefly(input with { Knowledge = input.Knowledge with { Tokens = tokens } });
                Assert.NotEqual(candidate.Reason, Same(fewer, candidate.Knowledge, candidate.Decoding).Reason);
            }

            if (TooLarge.Contains(candidate.Reason) && candidate.Message.Contains("use fewer bits", StringComparison.Ordinal))
            {
                Assert.Contains(
                    Enum.GetValues<WeightPrecision>().Where(precision => precision.BitsPerWeight() < candidate.Precision.BitsPerWeight()),
                    precision => !TooLarge.Contains(
                        Same(DeploymentPlanner.ChooseBriefly(input with { Weights = [new WeightVariant(precision)] }), candidate.Knowledge, candidate.Decoding).Reason));
            }
        }
    });

    [Fact]
    public void Context_FilledByPromptAndAnswerAlone_IsNotCuredByDocuments()
    {
        var input = Cases.OnCpu(Cases.Tiny, documents: 1000) with { Traffic = new() { QueriesPerSecond = 0.1, PromptTokens = 4000, OutputTokens = 200 } };
        Assert.All(Natives(input), candidate => Assert.EndsWith("; shorten promptTokens or outputTokens or take a model with a longer context.", candidate.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Rag_OfDocumentsThatChangeTooOften_IsNotToldToUseRag()
    {
        var input = Cases.OnL4(500_000) with { Knowledge = new() { Tokens = 500_000, Sources = 1, ChangesPerDay = 40_000 } };
        var rag = Same(DeploymentPlanner.ChooseBriefly(input), KnowledgeMode.Rag, DecodingMode.Sampling);
        Assert.Equal(RejectionReason.KnowledgeNeverCurrent, rag.Reason);
        Assert.EndsWith("; use fewer documents or gather their changes.", rag.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_OfTheFewestBits_AreNotToldToUseFewer()
    {
        var input = Cases.OnL4() with { Node = Cases.OnL4().Node with { MemoryBytes = 2L << 30 } };
        Assert.EndsWith("; take a smaller model or more memory.", Same(DeploymentPlanner.ChooseBriefly(input), KnowledgeMode.Dense, DecodingMode.Sampling).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pins_ThatMissBothWays_AreBothNamed()
    {
        var input = Cases.OnL4(2000, 0.05) with { Objectives = new(), Pins = new() { Knowledge = KnowledgeMode.Cag, Decoding = DecodingMode.Sampling } };
        var other = Same(DeploymentPlanner.ChooseBriefly(input), KnowledgeMode.Rag, DecodingMode.BeamSearch);
        Assert.EndsWith("but strategy.knowledge: Cag and strategy.decoding: Sampling are pinned; set both to Auto to let it compete.", other.Message, StringComparison.Ordinal);
    }

    private static Candidate Same(DeploymentPlan plan, KnowledgeMode knowledge, DecodingMode decoding) =>
        plan.Candidates.First(each => each.Technique is Technique.Native && each.Knowledge == knowledge && each.Decoding == decoding);

    private static IEnumerable<Candidate> Natives(PlanInput input) => DeploymentPlanner.ChooseBriefly(input).Candidates.Where(each => each.Technique is Technique.Native);
}
