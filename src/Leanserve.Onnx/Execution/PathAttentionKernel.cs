using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Leanserve.Engine;

namespace Leanserve.Onnx.Execution;

/// <summary>One layer's attention over paths: softmax(q·K/√headSize)·V, all sums in order of position.</summary>
internal sealed unsafe class PathAttentionKernel(PathAttention attention, int layer)
{
    /// <summary>Rows that one task takes, so that what they share is read while it is in the cache.</summary>
    private const int RowsPerTask = 16;

    [ThreadStatic]
    private static AlignedScratch? scratch;

    private readonly int _heads = attention.Geometry.AttentionHeads;
    private readonly int _cacheHeads = attention.Geometry.KeyValueHeads;
    private readonly int _headSize = attention.Geometry.HeadSize;
    private readonly float _scale = 1 / MathF.Sqrt(attention.Geometry.HeadSize);

    private ModelStep? _step;
    private float* _queries;
    private float* _output;

    /// <summary>Computes the layer; called by ONNX Runtime.</summary>
    public void Compute(nint context)
    {
        var handle = GCHandle.Alloc(this);
        try
        {
            _step = attention.Step;
            int rows = _step.TokenIds.Length;
            _queries = OrtNative.Input(context, 0);
            Store(OrtNative.Input(context, 1), OrtNative.Input(context, 2), rows);
            long* shape = stackalloc long[] { 1, rows, _heads * _headSize };
            _output = OrtNative.Output(context, 0, shape, 3);
            int tasks = _cacheHeads * ((rows + RowsPerTask - 1) / RowsPerTask);
            OrtNative.ParallelFor(context, &RunTask, tasks, (void*)GCHandle.ToIntPtr(handle));
        }
        catch (Exception exception)
        {
            // Exceptions must not unwind into native code; the runner throws this one after the run.
            attention.Report(exception);
        }
        finally
        {
            handle.Free();
        }
    }

    [UnmanagedCallersOnly]
    private static void RunTask(void* state, nuint task)
    {
        var kernel = (PathAttentionKernel)GCHandle.FromIntPtr((nint)state).Target!;
        try
        {
            kernel.Attend((int)task % kernel._cacheHeads, (int)task / kernel._cacheHeads * RowsPerTask);
        }
        catch (Exception exception)
        {
            kernel.Report(exception);
        }
    }

    private void Report(Exception exception) => attention.Report(exception);

    /// <summary>Puts the step's keys and values into their slots.</summary>
    private void Store(float* keys, float* values, int rows)
    {
        for (int head = 0; head < _cacheHeads; head++)
        {
            float* cachedKeys = attention.Cache.KeyRows(layer, head);
            float* cachedValues = attention.Cache.ValueRows(layer, head);
            for (int row = 0; row < rows; row++)
            {
                long from = (((long)row * _cacheHeads) + head) * _headSize;
                long to = (long)(_step!.UsedSlots + row) * _headSize;
                Unsafe.CopyBlock(cachedKeys + to, keys + from, (uint)_headSize * sizeof(float));
                Unsafe.CopyBlock(cachedValues + to, values + from, (uint)_headSize * sizeof(float));
            }
        }
    }

    /// <summary>The queries of one cache head and some rows.</summary>
    private void Attend(int cacheHead, int firstRow)
    {
        var paths = _step!.Paths.Span;
        int rows = Math.Min(RowsPerTask, paths.Length - firstRow);
        int group = _heads / _cacheHeads;
        int longest = 0;
        for (int row = 0; row < rows; row++)
        {
            longest = Math.Max(longest, paths[firstRow + row].Length);
        }

        scratch ??= new AlignedScratch();
        var block = new AttentionBlock
        {
            Keys = attention.Cache.KeyRows(layer, cacheHead),
            Values = attention.Cache.ValueRows(layer, cacheHead),
            HeadSize = _headSize,
            Group = group,
            Scale = _scale,
            Stride = AlignedScratch.RoundUp(longest),
        };
        int queryScratch = AlignedScratch.RoundUp(_headSize);
        float* memory = scratch.Ensure((rows * group * (long)block.Stride) + (rows * group * (long)queryScratch));
        block.Scores = memory;
        block.Queries = memory + (rows * group * (long)block.Stride);
        block.QueryStride = queryScratch;
        LoadQueries(ref block, cacheHead, firstRow, rows);
        var slice = paths.Slice(firstRow, rows);
        PathAttentionMath.Score(in block, slice, longest);
        PathAttentionMath.Normalize(in block, slice);

        // The scaled queries are no longer needed: their place takes the sums.
        PathAttentionMath.Blend(in block, slice, longest);
        StoreOutput(in block, cacheHead, firstRow, rows);
    }

    private void LoadQueries(ref AttentionBlock block, int cacheHead, int firstRow, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int g = 0; g < block.Group; g++)
            {
                float* from = _queries + (((((long)firstRow + row) * _heads) + (cacheHead * block.Group) + g) * _headSize);
                float* to = block.Queries + (((row * block.Group) + g) * block.QueryStride);
                for (int d = 0; d < _headSize; d++)
                {
                    to[d] = from[d] * block.Scale;
                }
            }
        }
    }

    private void StoreOutput(in AttentionBlock block, int cacheHead, int firstRow, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int g = 0; g < block.Group; g++)
            {
                float* from = block.Queries + (((row * block.Group) + g) * block.QueryStride);
                float* to = _output + (((((long)firstRow + row) * _heads) + (cacheHead * block.Group) + g) * _headSize);
                Unsafe.CopyBlock(to, from, (uint)_headSize * sizeof(float));
            }
        }
    }
}
