using Leanserve.Engine;
using Microsoft.ML.OnnxRuntime;

namespace Leanserve.Onnx.Execution;

/// <summary>The KV cache where the execution provider wants it: in host or in device memory.</summary>
internal interface IKvBuffer : IDisposable
{
    /// <summary>[1, kvHeads, slots, headSize]; bound as past and present.</summary>
    OrtValue Key(int layer);

    /// <summary>[1, kvHeads, slots, headSize]; bound as past and present.</summary>
    OrtValue Value(int layer);

    /// <summary>Bytes of one slot over all layers.</summary>
    int SlotBytes { get; }

    /// <summary>Copies slots, one move after the other, in every layer and head.</summary>
    void Move(ReadOnlySpan<SlotMove> moves);

    /// <summary>See <see cref="IModelRunner.ReadSlots"/>.</summary>
    void Read(ReadOnlySpan<int> slots, Span<byte> rows);

    /// <summary>See <see cref="IModelRunner.WriteSlots"/>.</summary>
    void Write(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows);
}
