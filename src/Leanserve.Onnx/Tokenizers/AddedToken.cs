namespace Leanserve.Onnx;

/// <summary>A token beside the BPE vocabulary. A special one never appears in text.</summary>
internal readonly record struct AddedToken(int Id, bool IsSpecial);
