using Leanserve.Contracts;

namespace Leanserve.Planner.Tests;

/// <summary>Deployments that tests start from.</summary>
internal static class Cases
{
    public static ModelGeometry Llama8B { get; } = new()
    {
        Parameters = 8_030_000_000,
        Layers = 32,
        HiddenSize = 4096,
        AttentionHeads = 32,
        KeyValueHeads = 8,
        HeadSize = 128,
        IntermediateSize = 14336,
        VocabularySize = 128256,
        MaxContextTokens = 131072,
    };

    /// <summary>The model that the CPU profile was measured with.</summary>
    public static ModelGeometry BenchmarkModel { get; } = new()
    {
        Parameters = 125_000_000,
        Layers = 12,
        HiddenSize = 768,
        AttentionHeads = 12,
        KeyValueHeads = 4,
        HeadSize = 64,
        IntermediateSize = 2048,
        VocabularySize = 32000,
        MaxContextTokens = 8192,
    };

    public static ModelGeometry Tiny { get; } = new()
    {
        Parameters = 1_000_000,
        Layers = 2,
        HiddenSize = 64,
        AttentionHeads = 4,
        KeyValueHeads = 2,
        HeadSize = 16,
        IntermediateSize = 128,
        VocabularySize = 2048,
        MaxContextTokens = 4096,
    };

    public static PlanInput OnL4(long documents = 0, double qps = 0.5) => new()
    {
        Geometry = Llama8B,
        Weights = [new(WeightPrecision.Int4)],
        Node = GpuCatalogue.Find("L4")!.ToNode(),
        Traffic = new() { QueriesPerSecond = qps },
        Objectives = new() { TimeToFirstToken = TimeSpan.FromSeconds(3), RequestLatency = TimeSpan.FromSeconds(30) },
        Knowledge = new() { Tokens = documents, Sources = documents > 0 ? 1 : 0, ChangesPerDay = documents > 0 ? 1 : 0 },
    };

    public static PlanInput OnCpu(ModelGeometry geometry, long documents = 0, double qps = 0.1) => new()
    {
        Geometry = geometry,
        Weights = [new(WeightPrecision.Float32)],
        Node = CpuNode.Of(2, 8L << 30),
        Traffic = new() { QueriesPerSecond = qps, PromptTokens = 100, OutputTokens = 64 },
        Objectives = new() { TimeToFirstToken = TimeSpan.FromSeconds(2), RequestLatency = TimeSpan.FromSeconds(10) },
        Knowledge = new() { Tokens = documents, Sources = documents > 0 ? 1 : 0, ChangesPerDay = documents > 0 ? 1 : 0 },
    };
}
