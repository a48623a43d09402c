namespace Leanserve.Planner;

/// <summary>The rules that an input must keep for a plan to make sense.</summary>
public static class PlanInputRules
{
    /// <summary>Every broken rule as a sentence with the offending value; empty when the input is sound.</summary>
    public static IReadOnlyList<string> Violations(PlanInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var found = new List<string>();
        Model(input, found);
        Node(input.Node, found);
        Load(input, found);
        Money(input, found);
        found.AddRange(input.EngineProfile is { } profile ? EngineProfileRules.Violations(profile) : []);
        found.AddRange(input.Assumptions.Select(pair => PlannerConstants.Violation(pair.Key, pair.Value)).OfType<string>());
        return found;
    }

    internal static void ThrowIfBroken(PlanInput input)
    {
        var violations = Violations(input);
        if (violations.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", violations), nameof(input));
        }
    }

    private static void Model(PlanInput input, List<string> found)
    {
        var geometry = input.Geometry;
        Check(found, input.Weights.Count > 0, "no weights are given; at least one precision must be there to load.");
        Positive(found, "geometry.parameters", geometry.Parameters);
        Positive(found, "geometry.layers", geometry.Layers);
        Positive(found, "geometry.hiddenSize", geometry.HiddenSize);
        Positive(found, "geometry.attentionHeads", geometry.AttentionHeads);
        Positive(found, "geometry.keyValueHeads", geometry.KeyValueHeads);
        Positive(found, "geometry.headSize", geometry.HeadSize);
        Positive(found, "geometry.intermediateSize", geometry.IntermediateSize);
        Positive(found, "geometry.vocabularySize", geometry.VocabularySize);
        Positive(found, "geometry.maxContextTokens", geometry.MaxContextTokens);
    }

    private static void Node(NodeCapability node, List<string> found)
    {
        Positive(found, "node memory in bytes", node.MemoryBytes);
        Positive(found, "node bandwidth", node.BandwidthBytesPerSecond);
        Positive(found, "node arithmetic rate", node.FlopsPerSecond);
        Positive(found, "cores", node.Cores);
    }

    private static void Load(PlanInput input, List<string> found)
    {
        Positive(found, "traffic.queriesPerSecond", input.Traffic.QueriesPerSecond);
        Positive(found, "traffic.promptTokens", input.Traffic.PromptTokens);
        Positive(found, "traffic.outputTokens", input.Traffic.OutputTokens);
        Check(found, input.Traffic.BurstFactor >= 1, $"traffic.burstFactor is {input.Traffic.BurstFactor}; a burst is at least the average, 1.");
        Check(
            found,
            input.Traffic.CopiedShare is >= 0 and <= 1,
            $"traffic.copiedOutputPercent is {input.Traffic.CopiedShare * 100}; it is a part of the answer, 0 to 100.");
        NotNegative(found, "knowledge.tokens", input.Knowledge.Tokens);
        NotNegative(found, "knowledge.changesPerDay", input.Knowledge.ChangesPerDay);
        Check(found, input.Objectives.Percentile is > 0 and < 100, $"objectives.percentile is {input.Objectives.Percentile}; it must lie between 1 and 99.");
        Check(
            found,
            input.Replicas.Min >= 1 && input.Replicas.Max >= input.Replicas.Min,
            $"scaling asks for {input.Replicas.Min} to {input.Replicas.Max} replicas; at least 1, and no more at least than at most.");
    }

    // Scores compare with the cheapest hardware, so it must cost something.
    private static void Money(PlanInput input, List<string> found)
    {
        Positive(found, "the node's price an hour", input.Prices.NodeUsdPerHour ?? input.Node.UsdPerHour ?? 1);
        NotNegative(found, "cost.electricityPerKilowattHour", input.Prices.ElectricityUsdPerKilowattHour ?? 0);
        NotNegative(found, "cost.gridGramsCo2PerKilowattHour", input.Prices.GridGramsCo2PerKilowattHour ?? 0);
        NotNegative(found, "team.hourlyCost", input.Team.HourlyCostUsd);
    }

    private static void Positive(List<string> found, string what, double value) =>
        Check(found, value > 0 && double.IsFinite(value), $"{what} is {value}; it must be above 0.");

    private static void NotNegative(List<string> found, string what, double value) =>
        Check(found, value >= 0 && double.IsFinite(value), $"{what} is {value}; it must be at least 0.");

    private static void Check(List<string> found, bool holds, string otherwise)
    {
        if (!holds)
        {
            found.Add(otherwise);
        }
    }
}
