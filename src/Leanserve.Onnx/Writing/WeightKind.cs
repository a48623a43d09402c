namespace Leanserve.Onnx.Writing;

/// <summary>What a weight does in a Llama-style decoder.</summary>
public enum WeightKind
{
    Embedding,
    AttentionNorm,
    Query,
    Key,
    Value,
    AttentionOutput,
    FeedForwardNorm,
    Gate,
    Up,
    Down,
    FinalNorm,
    OutputHead,
}
