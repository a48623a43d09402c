using System.Runtime.InteropServices;

namespace Leanserve.Onnx.Kernels;

/// <summary>Memory in which the matrices of a model lie one after the other: the process's own, or a mapped file.</summary>
internal sealed unsafe class WeightMemory : IDisposable
{
    private readonly byte* _start;
    private readonly MappedFile? _file;

    private WeightMemory(byte* start, MappedFile? file, IReadOnlyList<WeightPacking> packings)
    {
        _start = start;
        _file = file;
        Bytes = BytesOf(packings);
        byte* at = start;
        foreach (var packing in packings)
        {
            packing.Matrix.Place(at);
            at += packing.Matrix.Bytes;
        }
    }

    public long Bytes { get; }

    /// <summary>What reads the memory beside the model, and must end before it is given back.</summary>
    public Task Reading { get; set; } = Task.CompletedTask;

    public static long BytesOf(IReadOnlyList<WeightPacking> packings) => packings.Sum(packing => packing.Matrix.Bytes);

    /// <summary>Takes memory and packs the weights into it.</summary>
    public static WeightMemory Pack(IReadOnlyList<WeightPacking> packings)
    {
        var memory = new WeightMemory(LargePages.Allocate(BytesOf(packings)), null, packings);
        foreach (var packing in packings)
        {
            packing.Pack();
        }

        return memory;
    }

    /// <summary>Uses weights that were packed before.</summary>
    /// <param name="file">Owned from here on.</param>
    /// <param name="offset">Where the first matrix lies.</param>
    /// <param name="packings">The matrices.</param>
    public static WeightMemory Map(MappedFile file, int offset, IReadOnlyList<WeightPacking> packings) => new(file.Start + offset, file, packings);

    /// <summary>At most 2 GB from an offset on.</summary>
    public ReadOnlySpan<byte> Slice(long offset, int length) => new(_start + offset, length);

    public UInt128 Checksum() => PiecewiseHash.Of(_start, Bytes);

    public void Dispose()
    {
        Reading.Wait();
        if (_file is null)
        {
            NativeMemory.AlignedFree(_start);
        }
        else
        {
            _file.Dispose();
        }
    }
}
