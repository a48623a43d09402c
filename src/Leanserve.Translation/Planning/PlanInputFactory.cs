using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Planner;
using Leanserve.Translation.Validation;

namespace Leanserve.Translation.Planning;

/// <summary>Turns a deployment and what was measured of its world into the planner's input.</summary>
public static class PlanInputFactory
{
    private const string NotYet = "is not known yet: it is neither stated nor measured";

    /// <summary>The input, or everything that stands in its way. Stated values are used until measured ones exist.</summary>
    public static PlanRequest Create(LlmDeployment deployment, MeasuredFacts facts)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(facts);
        var violations = LlmDeploymentRules.Check(deployment);
        if (violations.Count > 0)
        {
            return new PlanRequest { Violations = violations };
        }

        var spec = deployment.Spec;
        var assumptions = AssumptionsResolution.Resolve(spec, facts.AssumptionMaps.GetValueOrDefault);
        var model = ModelResolution.Resolve(spec.Model, facts.Model);
        var node = NodeResolution.Resolve(spec.Node, facts.Node);
        var knowledge = KnowledgeResolution.Resolve(spec.Knowledge, facts.KnowledgeTokens, facts.EmbeddingModel);
        var lacksEmbedding = KnowledgeResolution.LacksEmbeddingSize(spec.Knowledge, facts.EmbeddingModel);
        if (model is not { } weights || node is null || knowledge is null || lacksEmbedding || assumptions.Violations.Count > 0)
        {
            return new PlanRequest { Violations = [.. assumptions.Violations, .. Unknown(model is null, node is null, knowledge is null, lacksEmbedding)] };
        }

        return new PlanRequest
        {
            Input = Input(spec, weights, node, knowledge) with { Assumptions = assumptions.Values },
            Contradictions =
            [
                .. ModelResolution.Contradictions(spec.Model.Geometry, facts.Model),
                .. NodeResolution.Contradictions(spec.Node, facts.Node),
                .. KnowledgeResolution.Contradictions(spec.Knowledge, facts.KnowledgeTokens),
            ],
        };
    }

    private static IEnumerable<Violation> Unknown(bool model, bool node, bool knowledge, bool embedding)
    {
        if (model)
        {
            yield return new Violation("spec.model.geometry", null, NotYet, "State model.geometry to plan before the model can be read");
        }

        if (node)
        {
            yield return new Violation("spec.node.capacity", null, NotYet, "State node.capacity to plan without the node");
        }

        if (knowledge)
        {
            yield return new Violation("spec.knowledge.tokens", null, NotYet, "State knowledge.tokens to plan before the documents can be read");
        }

        if (embedding)
        {
            yield return new Violation("spec.knowledge.embeddingModel.size", null, NotYet, "State knowledge.embeddingModel.size to plan before the model can be read");
        }
    }

    private static PlanInput Input(
        LlmDeploymentSpec spec, (ModelGeometry Geometry, WeightVariant Weights) model, NodeCapability node, KnowledgeDemand knowledge) => new()
    {
        Geometry = model.Geometry,
        Weights = [model.Weights],
        Node = node,
        Knowledge = knowledge,
        Traffic = Traffic(spec.Traffic),
        Objectives = Objectives(spec.Objectives),
        Team = Team(spec.Team),
        Prices = new Prices
        {
            NodeUsdPerHour = WireNumber.Decimal(spec.Cost?.GpuHourly),
            ElectricityUsdPerKilowattHour = WireNumber.Decimal(spec.Cost?.ElectricityPerKilowattHour),
            GridGramsCo2PerKilowattHour = spec.Cost?.GridGramsCo2PerKilowattHour,
        },
        Pins = Pins(spec.Strategy),
        Replicas = new ReplicaBounds
        {
            Min = spec.Scaling?.MinReplicas ?? SpecDefaults.MinReplicas,
            Max = spec.Scaling?.MaxReplicas ?? SpecDefaults.MaxReplicas,
        },
    };

    private static Traffic Traffic(TrafficSpec traffic) => new()
    {
        QueriesPerSecond = WireNumber.Decimal(traffic.QueriesPerSecond)!.Value,
        BurstFactor = WireNumber.Decimal(traffic.BurstFactor ?? SpecDefaults.BurstFactor)!.Value,
        PromptTokens = traffic.PromptTokens ?? SpecDefaults.PromptTokens,
        OutputTokens = traffic.OutputTokens ?? SpecDefaults.OutputTokens,
        CopiedShare = (traffic.CopiedOutputPercent ?? SpecDefaults.CopiedOutputPercent) / 100.0,
    };

    private static Objectives Objectives(ObjectivesSpec? objectives) => new()
    {
        TimeToFirstToken = Milliseconds(objectives?.TimeToFirstTokenMilliseconds),
        RequestLatency = Milliseconds(objectives?.RequestLatencyMilliseconds),
        Percentile = objectives?.Percentile ?? SpecDefaults.Percentile,
        Exactness = objectives?.AnswerQuality switch
        {
            AnswerQuality.PreferExact => AnswerExactness.PreferExact,
            AnswerQuality.RequireExact => AnswerExactness.RequireExact,
            _ => AnswerExactness.Standard,
        },
    };

    private static Team Team(TeamSpec? team) => new()
    {
        Engineers = team?.Engineers ?? SpecDefaults.Engineers,
        Expertise = Enum.Parse<ExpertiseLevel>((team?.Expertise ?? TeamExpertise.Generalist).ToString()),
        HourlyCostUsd = WireNumber.Decimal(team?.HourlyCost ?? SpecDefaults.HourlyCost)!.Value,
    };

    private static StrategyPins Pins(StrategySpec? strategy) => new()
    {
        Knowledge = strategy?.Knowledge switch
        {
            KnowledgeStrategy.Dense => KnowledgeMode.Dense,
            KnowledgeStrategy.Cag => KnowledgeMode.Cag,
            KnowledgeStrategy.Rag => KnowledgeMode.Rag,
            _ => null,
        },
        Decoding = strategy?.Decoding switch
        {
            DecodingStrategy.Sampling => DecodingMode.Sampling,
            DecodingStrategy.BeamSearch => DecodingMode.BeamSearch,
            _ => null,
        },
    };

    private static TimeSpan? Milliseconds(int? value) => value is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
}
