using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>A real runner, but for one token after which activations leave the range of their type, as in a model of 16 bits.</summary>
internal sealed class OverflowingRunner(IModelRunner inner, int token) : IModelRunner
{
    public ModelGeometry Geometry => inner.Geometry;

    public int Capacity => inner.Capacity;

    public ReadOnlySpan<float> Run(ModelStep step)
    {
        float[] logits = inner.Run(step).ToArray();
        for (int row = 0; row < step.LogitRows.Length; row++)
        {
            if (step.TokenIds.Span[(int)step.LogitRows.Span[row]] == token)
            {
                logits.AsSpan(row * Geometry.VocabularySize, Geometry.VocabularySize).Fill(float.NaN);
            }
        }

        return logits;
    }

    public void MoveSlots(ReadOnlySpan<SlotMove> moves) => inner.MoveSlots(moves);

    public int SlotBytes => inner.SlotBytes;

    public string SlotFormat => inner.SlotFormat;

    public void ReadSlots(ReadOnlySpan<int> slots, Span<byte> rows) => inner.ReadSlots(slots, rows);

    public void WriteSlots(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows) => inner.WriteSlots(slots, rows);

    public void Dispose() => inner.Dispose();
}
