namespace Leanserve.Onnx;

/// <summary>How a decoder takes tokens.</summary>
public enum DecoderInterface
{
    /// <summary>By the prefix tree's inputs, as <see cref="Writing.TreeContract"/> names them.</summary>
    Tree,

    /// <summary>As ONNX model builders write it: one growing sequence with an attention mask over it.</summary>
    Sequence,
}
