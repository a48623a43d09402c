using System.Reflection;
using Leanserve.Api;
using Leanserve.Translation.Reading;
using Leanserve.Translation.Validation;

namespace Leanserve.Translation.Tests.Validation;

public sealed class LlmDeploymentRulesTests
{
    // One break for each rule: what to replace, by what, the field that is named and the sentence.
    private static readonly (string From, string To, string Path, string Sentence)[] Breaks =
    [
        ("name: handbook\n", "name: 1st\n", "metadata.name", RuleSentences.Name),
        ("name: handbook\n", $"name: {new string('a', 51)}\n", "metadata.name", RuleSentences.Name),
        ("    source:\n      persistentVolumeClaim: {claimName: models, path: phi/mini-int4}\n", "", "spec.model.source", RuleSentences.AutoNeedsModelSource),
        ("persistentVolumeClaim: {claimName: models, path: phi/mini-int4}", "{}", "spec.model.source", RuleSentences.OneModelSource),
        ("{claimName: models, path: phi/mini-int4}\n", "{claimName: models}\n      configMapRef: {name: m}\n", "spec.model.source", RuleSentences.OneModelSource),
        ("attentionHeads: 24", "attentionHeads: 20", "spec.model.geometry.attentionHeads", RuleSentences.HeadsDivide),
        ("sources:\n    - {name: handbook, configMapRef: {name: handbook}}\n    - {name: wiki, persistentVolumeClaim: {claimName: wiki, path: /}}\n    tokens: 40000\n", "", "spec.knowledge", RuleSentences.KnowledgeNeedsSourcesOrTokens),
        ("sources:\n    - {name: handbook, configMapRef: {name: handbook}}\n    - {name: wiki, persistentVolumeClaim: {claimName: wiki, path: /}}\n    ", "", "spec.knowledge.sources", RuleSentences.AutoNeedsKnowledgeSources),
        ("{name: handbook, configMapRef: {name: handbook}}", "{name: handbook}", "spec.knowledge.sources[0]", RuleSentences.OneKnowledgeSource),
        ("gpusPerReplica: 1", "gpusPerReplica: 2", "spec.node.gpusPerReplica", RuleSentences.OneGpu),
        ("bandwidthGigabytesPerSecond: \"300\"", "bandwidthGigabytesPerSecond: \"0\"", "spec.node.capacity.bandwidthGigabytesPerSecond", RuleSentences.BandwidthPositive),
        ("teraflops: \"121\"", "teraflops: \"0.0\"", "spec.node.capacity.teraflops", RuleSentences.TeraflopsPositive),
        ("memory: 24Gi", "memory: -1", "spec.node.capacity.memory", "memory must be at least one byte"),
        ("queriesPerSecond: \"2\"", "queriesPerSecond: \"0\"", "spec.traffic.queriesPerSecond", RuleSentences.QueriesPositive),
        ("burstFactor: \"2.5\"", "burstFactor: \"0.9\"", "spec.traffic.burstFactor", RuleSentences.BurstAtLeastOne),
        ("timeToFirstTokenMilliseconds: 1500", "timeToFirstTokenMilliseconds: 15001", "spec.objectives.timeToFirstTokenMilliseconds", RuleSentences.FirstTokenWithinRequest),
        ("answerQuality: PreferExact", "answerQuality: RequireExact", "spec.strategy.decoding", RuleSentences.SamplingIsNotExact),
        ("minReplicas: 2", "minReplicas: 4", "spec.scaling.minReplicas", RuleSentences.ReplicasOrdered),
        ("minReplicas: 2, maxReplicas: 3", "minReplicas: 5", "spec.scaling.minReplicas", RuleSentences.ReplicasOrdered),
        ("gpuHourly: \"0.68\"", "gpuHourly: \"0.0\"", "spec.cost.gpuHourly", RuleSentences.HardwareCostsSomething),
        ("HorizonMonths: \"24\"", "HorizonMonths: \"0\"", "spec.assumptions.HorizonMonths", "must be a number from 1 to 600"),
        ("HorizonMonths: \"24\"", "MaxQueuedRequests: \"999999999\"", "spec.assumptions.MaxQueuedRequests", "must be a whole number from 0 to 10000"),
        ("HorizonMonths: \"24\"", "BeamWidth: \"2.5\"", "spec.assumptions.BeamWidth", "must be a whole number from 2 to 64"),
        ("HorizonMonths", "HorizonYears", "spec.assumptions.HorizonYears", "is not one of the planner's constants"),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Breaks.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_OneBrokenRule_IsTheOnlyViolation(int index)
    {
        var (from, to, path, sentence) = Breaks[index];

        var violation = Assert.Single(DeploymentReader.Read(Manifests.With(from, to), "test.yaml").Violations);

        Assert.Equal(path, violation.Path);
        Assert.Contains(sentence, violation.Rule, StringComparison.Ordinal);
        Assert.NotEmpty(violation.Remedy);
    }

    [Fact]
    public void Check_NoModelAtAll_NeedsSourceOrGeometry()
    {
        var deployment = Manifests.Parse(Manifests.Full);
        deployment.Spec.Model = new ModelSpec();

        Assert.Equal(RuleSentences.ModelNeedsSourceOrGeometry, Assert.Single(LlmDeploymentRules.Check(deployment)).Rule);
    }

    [Fact]
    public void Check_PinnedWithoutKnowledge_NeedsKnowledge()
    {
        var deployment = Manifests.Parse(Manifests.Full);
        deployment.Spec.Knowledge = null;

        Assert.Equal(RuleSentences.PinNeedsKnowledge, Assert.Single(LlmDeploymentRules.Check(deployment)).Rule);
    }

    [Fact]
    public void Check_UnknownGpu_ListsTheKnownAndTheWayByHand()
    {
        var deployment = Manifests.Parse(Manifests.Full);
        deployment.Spec.Node.Gpu = "L5";
        Assert.Empty(LlmDeploymentRules.Check(deployment));

        deployment.Spec.Node.Capacity = null;
        var message = Assert.Single(LlmDeploymentRules.Check(deployment)).ToString();

        Assert.Contains("spec.node.gpu = \"L5\": is not in the GPU catalogue. Known GPUs: ", message, StringComparison.Ordinal);
        Assert.Contains("L4", message, StringComparison.Ordinal);
        Assert.Contains("node.capacity: {memory: 24Gi", message, StringComparison.Ordinal);
    }

    [Fact]
    public void EverySentence_OfTheCelRules_IsBrokenByATest()
    {
        var broken = Breaks.Select(entry => entry.Sentence).Concat([RuleSentences.ModelNeedsSourceOrGeometry, RuleSentences.PinNeedsKnowledge]).ToHashSet();

        var sentences = typeof(RuleSentences).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Empty(sentences.Except(broken));
    }

    [Fact]
    public void CelRules_OfTheSchema_SayTheSentencesOfTheChecks()
    {
        var schema = DeploymentSchema.Root.ToJsonString();
        var sentences = typeof(RuleSentences).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.All(sentences, sentence => Assert.Contains(
            System.Text.Json.JsonSerializer.Serialize(sentence).Trim('"'), schema, StringComparison.Ordinal));
    }
}
