using System.Text.Json.Serialization;

namespace Leanserve.Contracts;

/// <summary>
/// What <c>leanserve-server inspect</c> found in a model folder and in knowledge folders, written as one line of JSON to the pod's termination message
/// (at most 4,096 bytes), because the operator cannot mount the volume itself.
/// </summary>
public sealed record InspectionReport
{
    /// <summary>One clear line, or null where all went well.</summary>
    public string? Error { get; init; }

    public ModelGeometry? Geometry { get; init; }

    public WeightPrecision? Precision { get; init; }

    /// <summary>Bytes of the model file and its external data.</summary>
    public long? WeightsBytes { get; init; }

    /// <summary>The embedding model, where one was looked at.</summary>
    public EmbeddingMeasurement? EmbeddingModel { get; init; }

    public IReadOnlyList<KnowledgeMeasurement> Knowledge { get; init; } = [];
}

/// <summary>An embedding model's folder.</summary>
/// <param name="WeightsBytes">Bytes of the model file and its external data.</param>
/// <param name="Dimensions">Length of its vectors.</param>
public sealed record EmbeddingMeasurement(long WeightsBytes, int Dimensions);

/// <summary>One knowledge source, measured with the model's own tokenizer.</summary>
/// <param name="Name">The source's name in the resource.</param>
/// <param name="Files">Text files found.</param>
/// <param name="Tokens">Tokens in all, as the runtime would cache them.</param>
/// <param name="ContentHash">SHA-256 over names and contents, hexadecimal; changes exactly when a document does.</param>
public sealed record KnowledgeMeasurement(string Name, int Files, long Tokens, string ContentHash)
{
    [JsonIgnore]
    public bool IsEmpty => Tokens == 0;
}
