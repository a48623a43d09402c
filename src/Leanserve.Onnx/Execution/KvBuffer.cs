using System.Runtime.InteropServices;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Kernels;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>
/// Keys and values of all layers in host memory, each [1, kvHeads, slots, headSize]: exactly <see cref="KvCacheMemory.BufferBytes"/> bytes, taken once.
/// </summary>
internal sealed unsafe class KvBuffer : IKvBuffer
{
    private readonly OrtValue[] _tensors;
    private readonly byte* _memory;
    private readonly int _heads;
    private readonly int _slots;
    private readonly int _rowBytes;
    private readonly long _tensorBytes;

    public KvBuffer(ModelGeometry geometry, int slots, TensorElementType elementType)
    {
        int elementBytes = elementType == TensorElementType.Float16 ? 2 : 4;
        _heads = geometry.KeyValueHeads;
        _slots = slots;
        _rowBytes = geometry.HeadSize * elementBytes;
        _tensorBytes = (long)_heads * slots * _rowBytes;
        long bytes = KvCacheMemory.BufferBytes(geometry, elementBytes, slots);
        _memory = LargePages.Allocate(bytes);
        _tensors = new OrtValue[2 * geometry.Layers];
        long[] shape = [1, _heads, slots, geometry.HeadSize];
        for (int i = 0; i < _tensors.Length; i++)
        {
            var start = (nint)(_memory + (i * _tensorBytes));
            _tensors[i] = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, elementType, shape, start, _tensorBytes);
        }
    }

    /// <inheritdoc/>
    public OrtValue Key(int layer) => _tensors[2 * layer];

    /// <inheritdoc/>
    public OrtValue Value(int layer) => _tensors[(2 * layer) + 1];

    /// <summary>[slots, headSize] keys of one head, as f32.</summary>
    public float* KeyRows(int layer, int head) => Rows(2 * layer, head);

    /// <summary>[slots, headSize] values of one head, as f32.</summary>
    public float* ValueRows(int layer, int head) => Rows((2 * layer) + 1, head);

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<SlotMove> moves)
    {
        for (int first = 0, count; first < moves.Length; first += count)
        {
            count = SlotRun.Length(moves[first..]);
            for (int head = 0; head < _tensors.Length * _heads; head++)
            {
                NativeMemory.Copy(Row(head, moves[first].From), Row(head, moves[first].To), (nuint)(count * (long)_rowBytes));
            }
        }
    }

    /// <inheritdoc/>
    public int SlotBytes => _tensors.Length * _heads * _rowBytes;

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<int> slots, Span<byte> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, slots.Length * SlotBytes, nameof(rows));
        fixed (byte* target = rows)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                for (int row = 0; row < _tensors.Length * _heads; row++)
                {
                    Buffer.MemoryCopy(Row(row, slots[i]), target + ((long)i * SlotBytes) + ((long)row * _rowBytes), _rowBytes, _rowBytes);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, slots.Length * SlotBytes, nameof(rows));
        fixed (byte* source = rows)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                for (int row = 0; row < _tensors.Length * _heads; row++)
                {
                    Buffer.MemoryCopy(source + ((long)i * SlotBytes) + ((long)row * _rowBytes), Row(row, slots[i]), _rowBytes, _rowBytes);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Dispose();
        }

        NativeMemory.AlignedFree(_memory);
    }

    /// <summary>One slot of one head; heads of all tensors are numbered on.</summary>
    private byte* Row(int head, int slot) => _memory + ((((long)head * _slots) + slot) * _rowBytes);

    private float* Rows(int tensor, int head) => (float*)(_memory + (tensor * _tensorBytes) + ((long)head * _slots * _rowBytes));
}
