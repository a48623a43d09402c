using Leanserve.Contracts;

namespace Leanserve.Engine.Tests.Support;

/// <summary>A KV buffer that holds texts in place of keys and values, to see which token lies where.</summary>
internal sealed class SlotMemory(int capacity) : IModelRunner
{
    private readonly string?[] _slots = new string?[capacity];

    public ModelGeometry Geometry => throw new NotSupportedException("Nothing is computed here.");

    public int Capacity => capacity;

    public string? this[int slot]
    {
        get => _slots[slot];
        set => _slots[slot] = value;
    }

    public ReadOnlySpan<float> Run(ModelStep step) => throw new NotSupportedException("Nothing is computed here.");

    public int SlotBytes => throw new NotSupportedException("Texts have no bytes here.");

    public string SlotFormat => throw new NotSupportedException("Texts have no bytes here.");

    public void ReadSlots(ReadOnlySpan<int> slots, Span<byte> rows) => throw new NotSupportedException("Texts have no bytes here.");

    public void WriteSlots(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows) => throw new NotSupportedException("Texts have no bytes here.");

    public void MoveSlots(ReadOnlySpan<SlotMove> moves)
    {
        foreach (var move in moves)
        {
            _slots[move.To] = _slots[move.From];
        }
    }

    public void Dispose()
    {
    }
}
