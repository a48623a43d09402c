using System.Text.Json.Nodes;
using Leanserve.Planner;

namespace Leanserve.Translation.Reporting;

/// <summary>The figures that a plan went by, defaults filled in.</summary>
internal static class PlanInputJson
{
    public static JsonObject Of(PlanInput input) => new()
    {
        ["model"] = Model(input),
        ["node"] = Node(input.Node),
        ["traffic"] = new JsonObject
        {
            ["queriesPerSecond"] = JsonNumber.Of(input.Traffic.QueriesPerSecond),
            ["burstFactor"] = JsonNumber.Of(input.Traffic.BurstFactor),
            ["promptTokens"] = input.Traffic.PromptTokens,
            ["outputTokens"] = input.Traffic.OutputTokens,
            ["copiedOutputPercent"] = JsonNumber.Of(input.Traffic.CopiedShare * 100),
        },
        ["objectives"] = new JsonObject
        {
            ["timeToFirstTokenMs"] = JsonNumber.Of(input.Objectives.TimeToFirstToken?.TotalMilliseconds),
            ["requestLatencyMs"] = JsonNumber.Of(input.Objectives.RequestLatency?.TotalMilliseconds),
            ["percentile"] = input.Objectives.Percentile,
            ["answerQuality"] = input.Objectives.Exactness.ToString(),
        },
        ["knowledge"] = new JsonObject
        {
            ["tokens"] = input.Knowledge.Tokens,
            ["sources"] = input.Knowledge.Sources,
            ["changesPerDay"] = JsonNumber.Of(input.Knowledge.ChangesPerDay),
        },
        ["team"] = new JsonObject
        {
            ["engineers"] = input.Team.Engineers,
            ["expertise"] = input.Team.Expertise.ToString(),
            ["hourlyCostUsd"] = JsonNumber.Of(input.Team.HourlyCostUsd),
        },
        ["replicas"] = new JsonObject { ["min"] = input.Replicas.Min, ["max"] = input.Replicas.Max },
        ["pins"] = new JsonObject { ["knowledge"] = input.Pins.Knowledge?.ToString(), ["decoding"] = input.Pins.Decoding?.ToString() },
        ["prices"] = new JsonObject
        {
            ["nodeUsdPerHour"] = JsonNumber.Of(input.Prices.NodeUsdPerHour ?? input.Node.UsdPerHour),
            ["electricityUsdPerKilowattHour"] = JsonNumber.Of(input.Prices.ElectricityUsdPerKilowattHour),
            ["gridGramsCo2PerKilowattHour"] = JsonNumber.Of(input.Prices.GridGramsCo2PerKilowattHour),
        },
        ["engineProfile"] = (input.EngineProfile ?? EngineProfiles.For(input.Node.Kind)).Name,
        ["assumptions"] = new JsonObject(input.Assumptions.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, JsonNumber.Of(entry.Value)))),
    };

    private static JsonObject Model(PlanInput input) => new()
    {
        ["parameters"] = input.Geometry.Parameters,
        ["layers"] = input.Geometry.Layers,
        ["hiddenSize"] = input.Geometry.HiddenSize,
        ["attentionHeads"] = input.Geometry.AttentionHeads,
        ["keyValueHeads"] = input.Geometry.KeyValueHeads,
        ["headSize"] = input.Geometry.HeadSize,
        ["intermediateSize"] = input.Geometry.IntermediateSize,
        ["vocabularySize"] = input.Geometry.VocabularySize,
        ["maxContextTokens"] = input.Geometry.MaxContextTokens,
        ["weights"] = new JsonArray([.. input.Weights.Select(weights => new JsonObject
        {
            ["precision"] = weights.Precision.ToString(),
            ["measuredBytes"] = weights.WeightsBytes,
        })]),
    };

    private static JsonObject Node(NodeCapability node) => new()
    {
        ["name"] = node.Name,
        ["kind"] = node.Kind.ToString(),
        ["memoryBytes"] = node.MemoryBytes,
        ["bandwidthGigabytesPerSecond"] = JsonNumber.Of(node.BandwidthBytesPerSecond / 1e9),
        ["teraflops"] = JsonNumber.Of(node.FlopsPerSecond / 1e12),
        ["thermalDesignWatts"] = JsonNumber.Of(node.ThermalDesignWatts),
        ["cores"] = node.Cores,
    };
}
