using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>A real runner, which it owns, with something about its steps noted or changed.</summary>
internal abstract class WrappedRunner(IModelRunner inner) : IModelRunner
{
    public ModelGeometry Geometry => inner.Geometry;

    public int Capacity => inner.Capacity;

    public int SlotBytes => inner.SlotBytes;

    public string SlotFormat => inner.SlotFormat;

    public virtual ReadOnlySpan<float> Run(ModelStep step) => inner.Run(step);

    public void MoveSlots(ReadOnlySpan<SlotMove> moves) => inner.MoveSlots(moves);

    public void ReadSlots(ReadOnlySpan<int> slots, Span<byte> rows) => inner.ReadSlots(slots, rows);

    public void WriteSlots(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows) => inner.WriteSlots(slots, rows);

    public void Dispose() => inner.Dispose();
}
