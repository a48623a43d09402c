using Leanserve.Contracts;

namespace Leanserve.Engine;

/// <summary>
/// One model and its one KV buffer. Slots hold the keys and values of one token each; their order means nothing, the paths and the position ids
/// mean everything. Not thread-safe: the engine calls it from one loop.
/// </summary>
public interface IModelRunner : IDisposable
{
    ModelGeometry Geometry { get; }

    /// <summary>Token slots of the KV buffer.</summary>
    int Capacity { get; }

    /// <summary>
    /// One forward pass over the step's tokens. Writes their keys and values into the slots <c>UsedSlots … UsedSlots + S − 1</c>.
    /// </summary>
    /// <returns>Logits, row-major [LogitRows.Length, VocabularySize]; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The step does not fit the buffer, or its parts disagree in size.</exception>
    ReadOnlySpan<float> Run(ModelStep step);

    /// <summary>Copies keys and values between slots, in order, one after the other.</summary>
    void MoveSlots(ReadOnlySpan<SlotMove> moves);

    /// <summary>Bytes of one slot's keys and values over all layers.</summary>
    int SlotBytes { get; }

    /// <summary>Tells apart whatever makes the bytes of a slot differ for the same weights and tokens: the code that computed them, their type.</summary>
    string SlotFormat { get; }

    /// <summary>Copies keys and values out of the buffer.</summary>
    /// <param name="slots">[n] slots, in any order.</param>
    /// <param name="rows">[n, SlotBytes] receives them, each [layers, key then value, kvHeads, headSize].</param>
    void ReadSlots(ReadOnlySpan<int> slots, Span<byte> rows);

    /// <summary>Copies keys and values into the buffer, as <see cref="ReadSlots"/> gave them.</summary>
    void WriteSlots(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows);
}
