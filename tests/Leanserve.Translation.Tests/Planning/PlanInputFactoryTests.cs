using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Planner;
using Leanserve.Translation.Planning;

namespace Leanserve.Translation.Tests.Planning;

public sealed class PlanInputFactoryTests
{
    private static readonly ModelGeometry Measured = new()
    {
        Parameters = 3_836_021_760,
        Layers = 32,
        HiddenSize = 3072,
        AttentionHeads = 24,
        KeyValueHeads = 8,
        HeadSize = 128,
        IntermediateSize = 8192,
        VocabularySize = 200_064,
        MaxContextTokens = 131_072,
    };

    [Fact]
    public void Create_NothingMeasured_UsesEveryStatedValue()
    {
        var request = PlanInputFactory.Create(Manifests.Parse(Manifests.Full), new MeasuredFacts());

        Assert.Empty(request.Violations);
        Assert.Empty(request.Contradictions);
        var input = request.Input!;
        Assert.Equal(Measured with { Parameters = 3_840_000_000 }, input.Geometry);
        Assert.Equal([new WeightVariant(WeightPrecision.Int4)], input.Weights);
        Assert.Equal(
            (NodeKind.Gpu, "L4", 24L << 30, 300e9, 121e12, 72.0),
            (input.Node.Kind, input.Node.Name, input.Node.MemoryBytes, input.Node.BandwidthBytesPerSecond, input.Node.FlopsPerSecond, input.Node.ThermalDesignWatts!.Value));
        Assert.Equal(new Traffic { QueriesPerSecond = 2, BurstFactor = 2.5, PromptTokens = 310, OutputTokens = 260 }, input.Traffic);
        Assert.Equal(
            new Objectives { TimeToFirstToken = TimeSpan.FromSeconds(1.5), RequestLatency = TimeSpan.FromSeconds(15), Percentile = 90, Exactness = AnswerExactness.PreferExact },
            input.Objectives);
        Assert.Equal(new KnowledgeDemand { Tokens = 40_000, Sources = 2, ChangesPerDay = 0.5 }, input.Knowledge);
        Assert.Equal(new Team { Engineers = 3, Expertise = ExpertiseLevel.Platform, HourlyCostUsd = 80.5 }, input.Team);
        Assert.Equal(new Prices { NodeUsdPerHour = 0.68, ElectricityUsdPerKilowattHour = 0.15, GridGramsCo2PerKilowattHour = 369 }, input.Prices);
        Assert.Equal(new StrategyPins { Knowledge = KnowledgeMode.Rag, Decoding = DecodingMode.Sampling }, input.Pins);
        Assert.Equal(new ReplicaBounds { Min = 2, Max = 3 }, input.Replicas);
        Assert.Equal(24, input.Assumptions["HorizonMonths"]);
    }

    [Fact]
    public void Create_OptionalPartsAbsent_TakesTheSchemasDefaults()
    {
        var deployment = Manifests.Parse(Manifests.Full);
        var spec = deployment.Spec;
        (spec.Objectives, spec.Knowledge, spec.Team, spec.Cost, spec.Strategy, spec.Scaling, spec.Assumptions) = (null, null, null, null, null, null, null);
        spec.Traffic = new TrafficSpec { QueriesPerSecond = "1" };

        var input = PlanInputFactory.Create(deployment, new MeasuredFacts()).Input!;

        Assert.Equal(new Traffic { QueriesPerSecond = 1, BurstFactor = 3, PromptTokens = 300, OutputTokens = 250 }, input.Traffic);
        Assert.Equal(new Objectives { Percentile = 95 }, input.Objectives);
        Assert.Equal(new Team { Engineers = 2, Expertise = ExpertiseLevel.Generalist, HourlyCostUsd = 75 }, input.Team);
        Assert.Equal(new ReplicaBounds { Min = 1, Max = 4 }, input.Replicas);
        Assert.Equal(new KnowledgeDemand(), input.Knowledge);
        Assert.Equal(new StrategyPins(), input.Pins);
    }

    [Fact]
    public void Create_MeasuredValues_WinAndContradictionsAreSaid()
    {
        var facts = new MeasuredFacts
        {
            Model = new ModelFacts(Measured with { MaxContextTokens = 4096 }, WeightPrecision.Float16, 7_700_000_000),
            KnowledgeTokens = 61_000,
            Node = new NodeFacts { AllocatableMemoryBytes = 60L << 30, Cores = 8, GpuMemoryBytes = 22L << 30 },
        };

        var request = PlanInputFactory.Create(Manifests.Parse(Manifests.Full), facts);

        Assert.Equal(4096, request.Input!.Geometry.MaxContextTokens);
        Assert.Equal([new WeightVariant(WeightPrecision.Float16, 7_700_000_000)], request.Input.Weights);
        Assert.Equal(61_000, request.Input.Knowledge.Tokens);
        Assert.Equal(22L << 30, request.Input.Node.MemoryBytes);
        Assert.Equal(
            ["spec.model.geometry.maxContextTokens", "spec.model.geometry.weightBits", "spec.node.capacity.memory", "spec.knowledge.tokens"],
            request.Contradictions.Select(contradiction => contradiction.Path));
        Assert.Contains(request.Contradictions, contradiction => contradiction.ToString().Contains("states 40000, but 61000 was measured", StringComparison.Ordinal));
    }

    [Fact]
    public void Create_RoundedStatements_AreNoContradictions()
    {
        var facts = new MeasuredFacts { Model = new ModelFacts(Measured, WeightPrecision.Int4, 2_500_000_000), KnowledgeTokens = 41_000 };

        Assert.Empty(PlanInputFactory.Create(Manifests.Parse(Manifests.Full), facts).Contradictions);
    }

    [Fact]
    public void Create_NothingStatedNorMeasured_SaysAllThatIsMissing()
    {
        var deployment = Manifests.Parse(Manifests.Full);
        deployment.Spec.Model.Geometry = null;
        deployment.Spec.Node = new NodeSpec { Gpu = NodeSpec.Cpu };
        deployment.Spec.Knowledge!.Tokens = null;

        var request = PlanInputFactory.Create(deployment, new MeasuredFacts());

        Assert.Null(request.Input);
        Assert.Equal(["spec.model.geometry", "spec.node.capacity", "spec.knowledge.tokens"], request.Violations.Select(violation => violation.Path));
    }

    [Fact]
    public void Create_EmbeddingModel_CountsItsSizeMeasuredElseStatedElseAsksForIt()
    {
        var deployment = Manifests.Parse(Manifests.With(
            "    tokens: 40000", "    tokens: 40000\n    embeddingModel: {source: {persistentVolumeClaim: {claimName: models}}}"));
        var measured = new MeasuredFacts { EmbeddingModel = new EmbeddingModelFacts(91_000_000, 384) };

        Assert.Equal(new EmbeddingModelDemand(91_000_000, 384), PlanInputFactory.Create(deployment, measured).Input!.Knowledge.EmbeddingModel);
        Assert.Equal("spec.knowledge.embeddingModel.size", Assert.Single(PlanInputFactory.Create(deployment, new MeasuredFacts()).Violations).Path);
        deployment.Spec.Knowledge!.EmbeddingModel!.Size = "1Mi";
        deployment.Spec.Knowledge.EmbeddingModel.Dimensions = 64;
        Assert.Equal(new EmbeddingModelDemand(1 << 20, 64), PlanInputFactory.Create(deployment, new MeasuredFacts()).Input!.Knowledge.EmbeddingModel);
    }

    [Fact]
    public void Create_CpuNode_TakesTheNodesFigures()
    {
        var deployment = Manifests.Parse(Manifests.Full);
        deployment.Spec.Node = new NodeSpec { Gpu = NodeSpec.Cpu };

        var node = PlanInputFactory.Create(deployment, new MeasuredFacts { Node = new NodeFacts { AllocatableMemoryBytes = 8L << 30, Cores = 2 } }).Input!.Node;

        Assert.Equal(CpuNode.Of(2, 8L << 30), node);
    }

    [Fact]
    public void Create_CatalogueGpu_TakesTheCataloguesFigures()
    {
        var deployment = Manifests.Parse(Manifests.Full);
        deployment.Spec.Node = new NodeSpec { Gpu = "L4" };

        Assert.Equal(GpuCatalogue.Find("L4")!.ToNode(), PlanInputFactory.Create(deployment, new MeasuredFacts()).Input!.Node);
    }

    [Fact]
    public void Create_BrokenRules_GivesThemAllAndNoInput()
    {
        var deployment = Manifests.Parse(Manifests.Full);
        deployment.Spec.Traffic.QueriesPerSecond = "0";
        deployment.Spec.Scaling!.MinReplicas = 9;

        var request = PlanInputFactory.Create(deployment, new MeasuredFacts());

        Assert.Null(request.Input);
        Assert.Equal(2, request.Violations.Count);
    }

    [Fact]
    public void LargestNumberOfReplicas_OfThePlanner_IsTheSchemas() => Assert.Equal(
        ReplicaBounds.Largest, typeof(ScalingSpec).GetProperty(nameof(ScalingSpec.MaxReplicas))!.GetCustomAttribute<RangeAttribute>()!.Maximum);
}
