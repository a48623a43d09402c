using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>What is to be evaluated: a strategy, and all that it changes about work, memory, quality, parts and fees.</summary>
internal sealed record CandidateSpec
{
    public required Technique Technique { get; init; }

    public required KnowledgeMode Knowledge { get; init; }

    public required DecodingMode Decoding { get; init; }

    public required WeightVariant Weights { get; init; }

    public required RequestShape Shape { get; init; }

    public CostVariation Variation { get; init; } = CostVariation.None;

    /// <summary>A second model in memory, in parameters at 16 bits; 0 for none.</summary>
    public double SecondModelParameters { get; init; }

    /// <summary>The embedding model that is loaded beside; null for none.</summary>
    public EmbeddingModelDemand? EmbeddingModel { get; init; }

    /// <summary>Draft steps of the second model for each step; 0 where it does not draft.</summary>
    public double DraftSteps { get; init; }

    /// <summary>What shortens the prompts; null for nothing.</summary>
    public PromptCompressor? Compressor { get; init; }

    /// <summary>Seconds of the documents' preparation on this replica; counted by the knowledge-change scenario.</summary>
    public bool RebuildsCache { get; init; }

    public bool RebuildsIndex { get; init; }

    public double Quality { get; init; } = 1;

    public double UsdPerQuery { get; init; }

    public int RetrievedPassages { get; init; }

    public int BeamWidth { get; init; } = 1;

    public required BillOfParts Parts { get; init; }
}
