#if CUDA
using Leanserve.Contracts;
using Leanserve.Engine;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>Keys and values of all layers in GPU memory, each [1, kvHeads, slots, headSize], taken once.</summary>
internal sealed class CudaKvBuffer : IKvBuffer
{
    private readonly OrtMemoryInfo _memoryInfo = new(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);
    private readonly OrtValue[] _tensors;
    private readonly nint _memory;
    private readonly long _rowBytes;

    /// <summary>From one head to the next, through all tensors.</summary>
    private readonly long _pitch;
    private readonly long _heads;

    /// <exception cref="ModelLoadException">The GPU has less memory left.</exception>
    public CudaKvBuffer(ModelGeometry geometry, int slots, TensorElementType elementType)
    {
        int elementBytes = elementType is TensorElementType.Float ? sizeof(float) : sizeof(ushort);
        _rowBytes = (long)geometry.HeadSize * elementBytes;
        _pitch = slots * _rowBytes;
        _memory = CudaRuntime.Allocate(KvCacheMemory.BufferBytes(geometry, elementBytes, slots));
        _tensors = new OrtValue[2 * geometry.Layers];
        _heads = (long)_tensors.Length * geometry.KeyValueHeads;
        long tensorBytes = geometry.KeyValueHeads * _pitch;
        long[] shape = [1, geometry.KeyValueHeads, slots, geometry.HeadSize];
        for (int i = 0; i < _tensors.Length; i++)
        {
            _tensors[i] = OrtValue.CreateTensorValueWithData(_memoryInfo, elementType, shape, _memory + (nint)(i * tensorBytes), tensorBytes);
        }
    }

    /// <inheritdoc/>
    public OrtValue Key(int layer) => _tensors[2 * layer];

    /// <inheritdoc/>
    public OrtValue Value(int layer) => _tensors[(2 * layer) + 1];

    /// <inheritdoc/>
    public int SlotBytes => (int)(_heads * _rowBytes);

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<SlotMove> moves)
    {
        for (int first = 0, count; first < moves.Length; first += count)
        {
            count = SlotRun.Length(moves[first..]);
            CudaRuntime.CopyRows(Slot(moves[first].To), _pitch, Slot(moves[first].From), _pitch, count * _rowBytes, _heads);
        }
    }

    /// <inheritdoc/>
    public unsafe void Read(ReadOnlySpan<int> slots, Span<byte> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, slots.Length * SlotBytes, nameof(rows));
        fixed (byte* target = rows)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                CudaRuntime.CopyRows((nint)(target + ((long)i * SlotBytes)), _rowBytes, Slot(slots[i]), _pitch, _rowBytes, _heads);
            }
        }
    }

    /// <inheritdoc/>
    public unsafe void Write(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, slots.Length * SlotBytes, nameof(rows));
        fixed (byte* source = rows)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                CudaRuntime.CopyRows(Slot(slots[i]), _pitch, (nint)(source + ((long)i * SlotBytes)), _rowBytes, _rowBytes, _heads);
            }
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Dispose();
        }

        _memoryInfo.Dispose();
        CudaRuntime.Free(_memory);
    }

    private nint Slot(int slot) => _memory + (nint)(slot * _rowBytes);
}
#endif
