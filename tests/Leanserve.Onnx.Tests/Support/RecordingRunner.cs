using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>A real runner whose steps are noted.</summary>
internal sealed class RecordingRunner(IModelRunner inner) : IModelRunner
{
    private readonly List<IReadOnlyList<(long Token, long Position)>> _steps = [];

    /// <summary>Tokens and positions of each step.</summary>
    public IReadOnlyList<IReadOnlyList<(long Token, long Position)>> Steps => _steps;

    public ModelGeometry Geometry => inner.Geometry;

    public int Capacity => inner.Capacity;

    public ReadOnlySpan<float> Run(ModelStep step)
    {
        _steps.Add([.. step.TokenIds.ToArray().Zip(step.Positions.ToArray())]);
        return inner.Run(step);
    }

    public void MoveSlots(ReadOnlySpan<SlotMove> moves) => inner.MoveSlots(moves);

    public int SlotBytes => inner.SlotBytes;

    public string SlotFormat => inner.SlotFormat;

    public void ReadSlots(ReadOnlySpan<int> slots, Span<byte> rows) => inner.ReadSlots(slots, rows);

    public void WriteSlots(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows) => inner.WriteSlots(slots, rows);

    public void Dispose() => inner.Dispose();
}
