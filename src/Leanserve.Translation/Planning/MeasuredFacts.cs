using Leanserve.Contracts;

namespace Leanserve.Translation.Planning;

/// <summary>What was found out about a deployment's world; null where nobody has looked yet, and stated values stand in.</summary>
public sealed record MeasuredFacts
{
    public ModelFacts? Model { get; init; }

    /// <summary>Tokens of all documents, by the model's own tokenizer.</summary>
    public long? KnowledgeTokens { get; init; }

    public EmbeddingModelFacts? EmbeddingModel { get; init; }

    public NodeFacts? Node { get; init; }

    /// <summary>Data of the ConfigMaps that <c>spec.assumptionsFrom</c> names, by their names; one that is not here does not exist.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> AssumptionMaps { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();
}

/// <summary>A model folder as the inspection found it.</summary>
public sealed record ModelFacts(ModelGeometry Geometry, WeightPrecision Precision, long WeightsBytes);

/// <summary>An embedding model's folder as the inspection found it.</summary>
public sealed record EmbeddingModelFacts(long WeightsBytes, int Dimensions);

/// <summary>A node as the cluster describes it.</summary>
public sealed record NodeFacts
{
    /// <summary>Memory that pods may use, in bytes.</summary>
    public required long AllocatableMemoryBytes { get; init; }

    /// <summary>Processor cores that pods may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory of one of its GPUs, in bytes, where its labels say it.</summary>
    public long? GpuMemoryBytes { get; init; }
}
