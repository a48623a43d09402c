using System.Runtime.Intrinsics;
using Leanserve.Onnx.Kernels;

namespace Leanserve.Onnx.Execution;

/// <summary>Multiplies rows by constant matrices: <c>x [.., S, K] → x · W [.., S, N]</c> for each matrix, or gated for a pair.</summary>
internal sealed unsafe class ProjectionKernel : OperatorKernel
{
    /// <summary>Rows of one task at most: what it reads stays in the second-level cache.</summary>
    private const int RowsPerTask = 96;

    /// <summary>Panels of one task at most where there are more rows than that: threads end together. With fewer, each reads its share of the weights in one sweep, as memory is fastest.</summary>
    private const int PanelsPerTask = 8;

    /// <summary>Up to so many rows are put into 8 bits by one thread.</summary>
    private const int RowsAtOnce = 8;

    private const int PanelWidth = PackedMatrix.PanelWidth;

    [ThreadStatic]
    private static AlignedScratch? scratch;

    private readonly Projection _projection;
    private readonly OperatorSet _operators;
    private readonly nint[] _outputs;
    private readonly int _panels;
    private RowBlock _rows;
    private bool _isQuantizing;
    private int _panelsPerTask;
    private int _panelTasks;

    public ProjectionKernel(OperatorSet operators, Projection projection)
        : base(operators)
    {
        _operators = operators;
        _projection = projection;
        _outputs = new nint[projection.IsGated ? 1 : projection.Matrices.Count];
        _panels = projection.Matrices.Take(_outputs.Length).Sum(matrix => matrix.Panels);
    }

    protected override void Compute(nint context)
    {
        (int rank, long elements) = OrtNative.InputShape(context, 0);
        int rows = (int)(elements / _projection.Inputs);
        _rows = new RowBlock { Count = rows, Values = OrtNative.Input(context, 0) };
        long* shape = stackalloc long[rank];
        new Span<long>(shape, rank).Fill(1);
        shape[rank - 2] = rows;
        for (int i = 0; i < _outputs.Length; i++)
        {
            shape[rank - 1] = _projection.Matrices[i].Outputs;
            _outputs[i] = (nint)OrtNative.Output(context, i, shape, (nuint)rank);
        }

        if (_projection.IsQuantized)
        {
            QuantizeRows(context);
        }

        int share = (_panels + _operators.Threads - 1) / _operators.Threads;
        _panelsPerTask = rows > RowsPerTask ? Math.Min(share, PanelsPerTask) : share;
        _panelTasks = (_panels + _panelsPerTask - 1) / _panelsPerTask;
        RunTasks(context, _panelTasks * ((rows + RowsPerTask - 1) / RowsPerTask));
    }

    protected override void RunTask(int task)
    {
        if (_isQuantizing)
        {
            QuantizeRow(task);
            return;
        }

        int firstRow = task / _panelTasks * RowsPerTask;
        var rows = Slice(firstRow, Math.Min(RowsPerTask, _rows.Count - firstRow));
        int first = task % _panelTasks * _panelsPerTask;
        for (int panel = first; panel < Math.Min(first + _panelsPerTask, _panels); panel++)
        {
            RunPanel(panel, in rows, firstRow);
        }
    }

    private void QuantizeRows(nint context)
    {
        int inputs = _projection.Inputs;
        int blocks = inputs / Int4Matrix.Block;
        long levels = _rows.Count * (long)AlignedScratch.RoundUp(inputs / sizeof(float));
        float* memory = _operators.Scratch.Ensure(levels + (2L * _rows.Count * blocks));
        _rows.Levels = (sbyte*)memory;
        _rows.Scales = memory + levels;
        _rows.Offsets = (int*)(_rows.Scales + (_rows.Count * (long)blocks));
        if (_rows.Count <= RowsAtOnce)
        {
            for (int row = 0; row < _rows.Count; row++)
            {
                QuantizeRow(row);
            }

            return;
        }

        _isQuantizing = true;
        RunTasks(context, _rows.Count);
        _isQuantizing = false;
    }

    private void QuantizeRow(int row)
    {
        var one = Slice(row, 1);
        RowQuantizer.Quantize(one.Values, _projection.Inputs, one.Levels, one.Scales, one.Offsets);
    }

    private RowBlock Slice(int first, int count)
    {
        long inputs = _projection.Inputs;
        long blocks = inputs / Int4Matrix.Block;
        return new RowBlock
        {
            Count = count,
            Values = _rows.Values + (first * inputs),
            Levels = _rows.Levels + (first * inputs),
            Scales = _rows.Scales + (first * blocks),
            Offsets = _rows.Offsets + (first * blocks),
        };
    }

    private void RunPanel(int panel, in RowBlock rows, int firstRow)
    {
        int index = 0;
        while (panel >= _projection.Matrices[index].Panels)
        {
            panel -= _projection.Matrices[index++].Panels;
        }

        var matrix = _projection.Matrices[index];
        int width = Math.Min(PanelWidth, matrix.Outputs - (panel * PanelWidth));
        float* output = (float*)_outputs[index] + (firstRow * (long)matrix.Outputs) + (panel * PanelWidth);
        if (width == PanelWidth && !_projection.IsGated)
        {
            matrix.Multiply(panel, in rows, output, matrix.Outputs);
            return;
        }

        scratch ??= new AlignedScratch();
        float* tile = scratch.Ensure(2L * RowsPerTask * PanelWidth);
        matrix.Multiply(panel, in rows, tile, PanelWidth);
        if (_projection.IsGated)
        {
            float* up = tile + (RowsPerTask * PanelWidth);
            _projection.Matrices[1].Multiply(panel, in rows, up, PanelWidth);
            Gate(tile, up, rows.Count * PanelWidth);
        }

        for (int row = 0; row < rows.Count; row++)
        {
            new ReadOnlySpan<float>(tile + (row * PanelWidth), width).CopyTo(new Span<float>(output + (row * (long)matrix.Outputs), width));
        }
    }

    private static void Gate(float* gate, float* up, int count)
    {
        for (int i = 0; i < count; i += Vector256<float>.Count)
        {
            (VectorMath.Silu(Vector256.Load(gate + i)) * Vector256.Load(up + i)).Store(gate + i);
        }
    }
}
