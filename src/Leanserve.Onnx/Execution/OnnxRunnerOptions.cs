using Leanserve.Contracts;

namespace Leanserve.Onnx;

/// <summary>How a model is executed.</summary>
public sealed record OnnxRunnerOptions
{
    public ExecutionProvider ExecutionProvider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Threads of one forward pass on the CPU; 0 takes all cores the process may use.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether the model's own attention nodes run, masked over all used slots, in place of our operator that follows each token's path. What GPUs
    /// run; on the processor it is slower with many requests, and their company shows in the last bits of an answer.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool UseModelAttention { get; init; }

    /// <summary>Token slots of the KV buffer.</summary>
    public required int KvSlots { get; init; }

    /// <summary>
    /// Tokens of the largest step to come. A GPU runs steps of up to so many over all slots when the model is loaded, so that all the memory that steps will ever take is taken
    /// then, and kernels are loaded; 0 leaves that to the requests.
    /// </summary>
    public int LargestStepTokens { get; init; }

    /// <summary>Where weights in the layout of our own kernels are kept, so that a restart maps them instead of packing them; null keeps none.</summary>
    public PackedWeightFolder? PackedWeights { get; init; }
}
