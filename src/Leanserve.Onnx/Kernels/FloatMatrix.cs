using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Leanserve.Onnx.Kernels;

/// <summary>f32 weights; a panel is [inputs, 16 outputs].</summary>
/// <param name="outputs">N.</param>
/// <param name="inputs">K.</param>
internal sealed unsafe class FloatMatrix(int outputs, int inputs) : PackedMatrix(outputs, inputs, inputs * (long)PanelWidth * sizeof(float))
{
    /// <summary>Inputs worked on at a time with many rows: 16 kB of a panel stay in the first-level cache.</summary>
    private const int Depth = 256;

    /// <summary>Rows of the register tile: with two vectors of outputs each, twelve sums and what they need fill sixteen registers.</summary>
    private const int TileRows = 6;

    /// <summary>Puts weights into their place.</summary>
    /// <param name="weights">[inputs, outputs], or [outputs, inputs] if <paramref name="isTransposed"/>.</param>
    /// <param name="isTransposed">Whether a row holds the weights of one output.</param>
    public void Pack(float[] weights, bool isTransposed) => Parallel.For(0, Panels, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (panel) =>
    {
        float* to = (float*)(Memory + (panel * PanelBytes));
        int first = panel * PanelWidth;
        int width = Math.Min(PanelWidth, Outputs - first);
        for (int input = 0; input < Inputs; input++, to += PanelWidth)
        {
            new Span<float>(to + width, PanelWidth - width).Clear();
            for (int lane = 0; lane < width; lane++)
            {
                to[lane] = weights[isTransposed ? ((first + lane) * (long)Inputs) + input : (input * (long)Outputs) + first + lane];
            }
        }
    });

    /// <inheritdoc/>
    public override void Multiply(int panel, in RowBlock rows, float* output, int stride)
    {
        float* weights = (float*)(Memory + (panel * PanelBytes));
        int depth = rows.Count <= TileRows ? Inputs : Depth;
        for (int start = 0; start < Inputs; start += depth)
        {
            int count = Math.Min(depth, Inputs - start);
            float* w = weights + (start * (long)PanelWidth);
            float* a = rows.Values + start;
            bool isFirst = start == 0;
            int row = 0;
            for (; row + TileRows <= rows.Count; row += TileRows)
            {
                Multiply6(w, a + (row * (long)Inputs), count, output + (row * (long)stride), stride, isFirst);
            }

            for (; row + 2 <= rows.Count; row += 2)
            {
                Multiply2(w, a + (row * (long)Inputs), count, output + (row * (long)stride), stride, isFirst);
            }

            if (row < rows.Count)
            {
                Multiply1(w, a + (row * (long)Inputs), count, output + (row * (long)stride), isFirst);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply6(float* w, float* a, int count, float* output, int stride, bool isFirst)
    {
        long inputs = Inputs;
        Vector256<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default;
        Vector256<float> h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default;
        if (!isFirst)
        {
            l0 = Vector256.Load(output);
            h0 = Vector256.Load(output + 8);
            l1 = Vector256.Load(output + stride);
            h1 = Vector256.Load(output + stride + 8);
            l2 = Vector256.Load(output + (2 * stride));
            h2 = Vector256.Load(output + (2 * stride) + 8);
            l3 = Vector256.Load(output + (3 * stride));
            h3 = Vector256.Load(output + (3 * stride) + 8);
            l4 = Vector256.Load(output + (4 * stride));
            h4 = Vector256.Load(output + (4 * stride) + 8);
            l5 = Vector256.Load(output + (5 * stride));
            h5 = Vector256.Load(output + (5 * stride) + 8);
        }

        float* a3 = a + (3 * inputs);
        for (float* end = a + count; a < end; a++, a3++, w += PanelWidth)
        {
            var low = Vector256.Load(w);
            var high = Vector256.Load(w + 8);
            var x = Vector256.Create(*a);
            l0 = Vector256.FusedMultiplyAdd(x, low, l0);
            h0 = Vector256.FusedMultiplyAdd(x, high, h0);
            x = Vector256.Create(a[inputs]);
            l1 = Vector256.FusedMultiplyAdd(x, low, l1);
            h1 = Vector256.FusedMultiplyAdd(x, high, h1);
            x = Vector256.Create(a[2 * inputs]);
            l2 = Vector256.FusedMultiplyAdd(x, low, l2);
            h2 = Vector256.FusedMultiplyAdd(x, high, h2);
            x = Vector256.Create(*a3);
            l3 = Vector256.FusedMultiplyAdd(x, low, l3);
            h3 = Vector256.FusedMultiplyAdd(x, high, h3);
            x = Vector256.Create(a3[inputs]);
            l4 = Vector256.FusedMultiplyAdd(x, low, l4);
            h4 = Vector256.FusedMultiplyAdd(x, high, h4);
            x = Vector256.Create(a3[2 * inputs]);
            l5 = Vector256.FusedMultiplyAdd(x, low, l5);
            h5 = Vector256.FusedMultiplyAdd(x, high, h5);
        }

        l0.Store(output);
        h0.Store(output + 8);
        l1.Store(output + stride);
        h1.Store(output + stride + 8);
        l2.Store(output + (2 * stride));
        h2.Store(output + (2 * stride) + 8);
        l3.Store(output + (3 * stride));
        h3.Store(output + (3 * stride) + 8);
        l4.Store(output + (4 * stride));
        h4.Store(output + (4 * stride) + 8);
        l5.Store(output + (5 * stride));
        h5.Store(output + (5 * stride) + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply2(float* w, float* a, int count, float* output, int stride, bool isFirst)
    {
        long inputs = Inputs;
        var l0 = isFirst ? default : Vector256.Load(output);
        var h0 = isFirst ? default : Vector256.Load(output + 8);
        var l1 = isFirst ? default : Vector256.Load(output + stride);
        var h1 = isFirst ? default : Vector256.Load(output + stride + 8);
        for (float* end = a + count; a < end; a++, w += PanelWidth)
        {
            var low = Vector256.Load(w);
            var high = Vector256.Load(w + 8);
            var x = Vector256.Create(*a);
            l0 = Vector256.FusedMultiplyAdd(x, low, l0);
            h0 = Vector256.FusedMultiplyAdd(x, high, h0);
            x = Vector256.Create(a[inputs]);
            l1 = Vector256.FusedMultiplyAdd(x, low, l1);
            h1 = Vector256.FusedMultiplyAdd(x, high, h1);
        }

        l0.Store(output);
        h0.Store(output + 8);
        l1.Store(output + stride);
        h1.Store(output + stride + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply1(float* w, float* a, int count, float* output, bool isFirst)
    {
        var low = isFirst ? default : Vector256.Load(output);
        var high = isFirst ? default : Vector256.Load(output + 8);
        for (float* end = a + count; a < end; a++, w += PanelWidth)
        {
            var x = Vector256.Create(*a);
            low = Vector256.FusedMultiplyAdd(x, Vector256.Load(w), low);
            high = Vector256.FusedMultiplyAdd(x, Vector256.Load(w + 8), high);
        }

        low.Store(output);
        high.Store(output + 8);
    }
}
