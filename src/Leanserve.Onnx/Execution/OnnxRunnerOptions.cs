using Leanserve.Contracts;

namespace Leanserve.Onnx;

/// <summary>How a model is executed.</summary>
public sealed record OnnxRunnerOptions
{
    public ExecutionProvider ExecutionProvider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Threads of one forward pass on the CPU; 0 takes all cores the process may use.</summary>
    public int Threads { get; init; }

    /// <summary>Token slots of the KV buffer.</summary>
    public required int KvSlots { get; init; }
}
