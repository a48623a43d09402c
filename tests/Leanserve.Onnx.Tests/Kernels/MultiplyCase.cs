using Leanserve.Onnx.Kernels;

namespace Leanserve.Onnx.Tests.Kernels;

/// <summary>A random matrix and random rows.</summary>
internal sealed unsafe class MultiplyCase : IDisposable
{
    private readonly PackedMatrix _matrix;
    private readonly WeightMemory _memory;
    private readonly float[] _exact;
    private readonly float[] _rows;

    public MultiplyCase(Func<float[], int, int, (WeightPacking Packing, float[] Exact)> create, int outputs, int inputs, int rows, int seed)
    {
        var random = new Random(seed);
        (var packing, _exact) = create(Values(random, outputs * inputs), outputs, inputs);
        _matrix = packing.Matrix;
        _memory = WeightMemory.Pack([packing]);
        _rows = Values(random, rows * inputs);
    }

    /// <summary>[count, outputs].</summary>
    public float[] Multiply(int first, int count)
    {
        int inputs = _matrix.Inputs;
        int blocks = inputs / Int4Matrix.Block;
        int padded = _matrix.Panels * PackedMatrix.PanelWidth;
        var levels = new sbyte[count * inputs];
        var scales = new float[count * blocks];
        var offsets = new int[count * blocks];
        var output = new float[count * padded];
        fixed (float* values = &_rows[first * inputs], s = scales, to = output)
        fixed (sbyte* l = levels)
        fixed (int* o = offsets)
        {
            for (int row = 0; row < count; row++)
            {
                RowQuantizer.Quantize(values + (row * inputs), inputs, l + (row * inputs), s + (row * blocks), o + (row * blocks));
            }

            var block = new RowBlock { Count = count, Values = values, Levels = l, Scales = s, Offsets = o };
            for (int panel = 0; panel < _matrix.Panels; panel++)
            {
                _matrix.Multiply(panel, in block, to + (panel * PackedMatrix.PanelWidth), padded);
            }
        }

        return [.. Enumerable.Range(0, count).SelectMany(row => output.Skip(row * padded).Take(_matrix.Outputs))];
    }

    /// <summary>The largest difference to sums in f64, in units of the root of the squared products.</summary>
    public double RelativeError(int rows)
    {
        float[] output = Multiply(0, rows);
        int inputs = _matrix.Inputs;
        double worst = 0;
        for (int i = 0; i < output.Length; i++)
        {
            double[] products = [.. Enumerable.Range(0, inputs)
                .Select(input => (double)_rows[(i / _matrix.Outputs * inputs) + input] * _exact[(i % _matrix.Outputs * inputs) + input])];
            worst = Math.Max(worst, Math.Abs(products.Sum() - output[i]) / Math.Sqrt(products.Sum(product => product * product)));
        }

        return worst;
    }

    public void Dispose() => _memory.Dispose();

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
