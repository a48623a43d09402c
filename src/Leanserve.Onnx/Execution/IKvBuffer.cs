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

    /// <summary>Copies slots, one move after the other, in every layer and head.</summary>
    void Move(ReadOnlySpan<SlotMove> moves);
}
