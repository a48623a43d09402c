namespace Leanserve.Onnx.Embedding;

/// <summary>How an encoder's vectors of single tokens become one vector of the text.</summary>
internal enum Pooling
{
    /// <summary>The graph does it itself.</summary>
    InGraph,

    /// <summary>The mean over all tokens.</summary>
    Mean,

    /// <summary>The first token's, which stands for the whole.</summary>
    FirstToken,
}
