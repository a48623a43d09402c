using System.Text.Json.Serialization;

namespace Leanserve.Contracts;

/// <summary>The shape of a Llama-style decoder: all that memory and latency are computed from.</summary>
/// <remarks>Read from the model's <c>config.json</c>, or stated by hand to plan before the model is there.</remarks>
public sealed record ModelGeometry
{
    /// <summary>Weights in all, embeddings and output head included.</summary>
    public required long Parameters { get; init; }

    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    public required int AttentionHeads { get; init; }

    /// <summary>Heads of keys and values; fewer than <see cref="AttentionHeads"/> under grouped-query attention.</summary>
    public required int KeyValueHeads { get; init; }

    public required int HeadSize { get; init; }

    /// <summary>Width of the feed-forward network.</summary>
    public required int IntermediateSize { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>Longest context, in tokens, that the positions of the model reach.</summary>
    public required int MaxContextTokens { get; init; }

    /// <summary>Elements (not bytes) of keys and values that one cached token takes over all layers: 2 · layers · kvHeads · headSize.</summary>
    [JsonIgnore]
    public long KeyValueElementsPerToken => 2L * Layers * KeyValueHeads * HeadSize;
}
