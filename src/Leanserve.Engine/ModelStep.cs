namespace Leanserve.Engine;

/// <summary>The tokens of one forward pass, S of them, over T used slots. Parents come before their children.</summary>
public sealed class ModelStep
{
    /// <summary>[S] token ids.</summary>
    public required ReadOnlyMemory<long> TokenIds { get; init; }

    /// <summary>[S] depth of each token in the prefix tree, from 0; not its slot.</summary>
    public required ReadOnlyMemory<long> Positions { get; init; }

    /// <summary>T: slots in use before this step; the step's tokens follow them.</summary>
    public required int UsedSlots { get; init; }

    /// <summary>Row-major [S, T + S]: 0 for a token's ancestors and itself, −∞ elsewhere.</summary>
    public required ReadOnlyMemory<float> AttentionBias { get; init; }

    /// <summary>[K] rows of the step whose logits are wanted; at least one.</summary>
    public required ReadOnlyMemory<long> LogitRows { get; init; }
}
