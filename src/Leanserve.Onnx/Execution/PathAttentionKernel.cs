using System.Runtime.CompilerServices;
using Leanserve.Engine;

namespace Leanserve.Onnx.Execution;

/// <summary>One layer's attention over paths: softmax(q·K/√headSize)·V, all sums in order of position.</summary>
internal sealed unsafe class PathAttentionKernel(PathAttention attention, OperatorSet operators, int layer) : OperatorKernel(operators)
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

    protected override void Compute(nint context)
    {
        _step = attention.Step;
        int rows = _step.TokenIds.Length;
        _queries = OrtNative.Input(context, 0);
        Store(OrtNative.Input(context, 1), OrtNative.Input(context, 2), rows);
        long* shape = stackalloc long[] { 1, rows, _heads * _headSize };
        _output = OrtNative.Output(context, 0, shape, 3);
        RunTasks(context, _cacheHeads * ((rows + RowsPerTask - 1) / RowsPerTask));
    }

    protected override void RunTask(int task) => Attend(task % _cacheHeads, task / _cacheHeads * RowsPerTask);

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
        int queries = rows * group;
        long scores = queries * (long)block.Stride;
        long sums = queries * (long)block.HeadSize;
        long values = PathAttentionMath.ValueTile * (long)_headSize;
        float* memory = scratch.Ensure(scores + sums + values + AlignedScratch.RoundUp(queries) + (_headSize * PathAttentionMath.KeyTile));
        block.Scores = memory;
        block.Queries = memory + scores;
        block.GatheredValues = block.Queries + sums;
        block.Totals = block.GatheredValues + values;
        block.TransposedKeys = block.Totals + AlignedScratch.RoundUp(queries);
        LoadQueries(ref block, cacheHead, firstRow, rows);
        PathAttentionMath.Attend(in block, paths.Slice(firstRow, rows), longest);
        StoreOutput(in block, cacheHead, firstRow, rows);
    }

    private void LoadQueries(ref AttentionBlock block, int cacheHead, int firstRow, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int g = 0; g < block.Group; g++)
            {
                float* from = _queries + (((((long)firstRow + row) * _heads) + (cacheHead * block.Group) + g) * _headSize);
                float* to = block.Queries + (((row * block.Group) + g) * block.HeadSize);
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
                float* from = block.Queries + (((row * block.Group) + g) * block.HeadSize);
                float* to = _output + (((((long)firstRow + row) * _heads) + (cacheHead * block.Group) + g) * _headSize);
                float inverse = 1 / block.Totals[(row * block.Group) + g];
                for (int d = 0; d < _headSize; d++)
                {
                    to[d] = from[d] * inverse;
                }
            }
        }
    }
}
