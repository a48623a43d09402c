namespace Leanserve.Onnx.Writing;

/// <summary>Names of the inputs and outputs by which the engine runs a decoder over a prefix tree.</summary>
public static class TreeContract
{
    /// <summary>int64 [1, S].</summary>
    public const string InputIds = "input_ids";

    /// <summary>int64 [1, S]: depth in the tree.</summary>
    public const string PositionIds = "position_ids";

    /// <summary>float [1, 1, S, T + S]: 0 for ancestors and self, −∞ elsewhere.</summary>
    public const string AttentionBias = "attention_bias";

    /// <summary>int32 [1]: T + S − 1.</summary>
    public const string SequenceLengthsMinusOne = "seqlens_k";

    /// <summary>int32 scalar: T + S.</summary>
    public const string TotalSequenceLength = "total_sequence_length";

    /// <summary>int64 [K]: rows whose logits are wanted.</summary>
    public const string LogitRows = "logit_rows";

    /// <summary>float [1, K, V].</summary>
    public const string Logits = "logits";

    public static string PastKey(int layer) => $"past_key_values.{layer}.key";

    public static string PastValue(int layer) => $"past_key_values.{layer}.value";

    public static string PresentKey(int layer) => $"present.{layer}.key";

    public static string PresentValue(int layer) => $"present.{layer}.value";
}
