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

    /// <summary>[S] what each token attends to: the slots of its path in order of position, its own slot (T + its row) last.</summary>
    public required ReadOnlyMemory<ReadOnlyMemory<int>> Paths { get; init; }

    /// <summary>[K] rows of the step whose logits are wanted; at least one.</summary>
    public required ReadOnlyMemory<long> LogitRows { get; init; }
}
