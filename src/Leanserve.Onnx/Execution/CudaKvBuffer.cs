#if CUDA
using System.Runtime.InteropServices;
using Leanserve.Contracts;
using Leanserve.Engine;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>Keys and values of all layers in GPU memory, each [1, kvHeads, slots, headSize], taken once.</summary>
internal sealed partial class CudaKvBuffer : IKvBuffer
{
    private const int HostToDevice = 1;
    private const int DeviceToHost = 2;
    private const int DeviceToDevice = 3;

    private readonly OrtMemoryInfo _memoryInfo = new(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);
    private readonly OrtValue[] _tensors;
    private readonly nint _memory;
    private readonly long _tensorBytes;
    private readonly int _heads;
    private readonly int _slots;
    private readonly int _rowBytes;

    public CudaKvBuffer(ModelGeometry geometry, int slots, TensorElementType elementType)
    {
        int elementBytes = elementType is TensorElementType.Float16 or TensorElementType.BFloat16 ? 2 : 4;
        _heads = geometry.KeyValueHeads;
        _slots = slots;
        _rowBytes = geometry.HeadSize * elementBytes;
        _tensorBytes = (long)_heads * slots * _rowBytes;
        Require(Allocate(out _memory, (nuint)KvCacheMemory.BufferBytes(geometry, elementBytes, slots)));
        _tensors = new OrtValue[2 * geometry.Layers];
        for (int i = 0; i < _tensors.Length; i++)
        {
            long[] shape = [1, _heads, slots, geometry.HeadSize];
            _tensors[i] = OrtValue.CreateTensorValueWithData(_memoryInfo, elementType, shape, _memory + (nint)(i * _tensorBytes), _tensorBytes);
        }
    }

    /// <inheritdoc/>
    public OrtValue Key(int layer) => _tensors[2 * layer];

    /// <inheritdoc/>
    public OrtValue Value(int layer) => _tensors[(2 * layer) + 1];

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<SlotMove> moves)
    {
        foreach (var move in moves)
        {
            for (int tensor = 0; tensor < _tensors.Length; tensor++)
            {
                nint start = _memory + (nint)(tensor * _tensorBytes);
                nint to = start + (nint)((long)move.To * _rowBytes);
                nint from = start + (nint)((long)move.From * _rowBytes);
                Require(Copy2D(to, Pitch, from, Pitch, (nuint)_rowBytes, (nuint)_heads, DeviceToDevice));
            }
        }

        // ONNX Runtime's stream does not wait for the default stream, on which copies run.
        Require(Synchronize());
    }

    /// <inheritdoc/>
    public int SlotBytes => _tensors.Length * _heads * _rowBytes;

    /// <inheritdoc/>
    public unsafe void Read(ReadOnlySpan<int> slots, Span<byte> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, slots.Length * SlotBytes, nameof(rows));
        fixed (byte* target = rows)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                // All heads of all tensors lie one pitch apart.
                nint to = (nint)(target + ((long)i * SlotBytes));
                Require(Copy2D(to, (nuint)_rowBytes, Slot(slots[i]), Pitch, (nuint)_rowBytes, (nuint)(_tensors.Length * _heads), DeviceToHost));
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
                nint from = (nint)(source + ((long)i * SlotBytes));
                Require(Copy2D(Slot(slots[i]), Pitch, from, (nuint)_rowBytes, (nuint)_rowBytes, (nuint)(_tensors.Length * _heads), HostToDevice));
            }
        }

        Require(Synchronize());
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Dispose();
        }

        _memoryInfo.Dispose();
        Require(Free(_memory));
    }

    private nuint Pitch => (nuint)((long)_slots * _rowBytes);

    private nint Slot(int slot) => _memory + (nint)((long)slot * _rowBytes);

    private static void Require(int status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"The CUDA runtime answered with error {status}.");
        }
    }

    [LibraryImport("libcudart.so.12", EntryPoint = "cudaMalloc")]
    private static partial int Allocate(out nint pointer, nuint bytes);

    [LibraryImport("libcudart.so.12", EntryPoint = "cudaFree")]
    private static partial int Free(nint pointer);

    [LibraryImport("libcudart.so.12", EntryPoint = "cudaMemcpy2D")]
    private static partial int Copy2D(nint to, nuint toPitch, nint from, nuint fromPitch, nuint width, nuint height, int kind);

    [LibraryImport("libcudart.so.12", EntryPoint = "cudaDeviceSynchronize")]
    private static partial int Synchronize();
}
#endif
