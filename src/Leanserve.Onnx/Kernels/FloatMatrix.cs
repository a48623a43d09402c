using System.Runtime.CompilerServices;

namespace Leanserve.Onnx.Kernels;

/// <summary>f32 weights; a panel is [inputs, 16 outputs].</summary>
/// <param name="outputs">N.</param>
/// <param name="inputs">K.</param>
internal sealed unsafe class FloatMatrix(int outputs, int inputs) : PackedMatrix(outputs, inputs, inputs * (long)PanelWidth * sizeof(float))
{
    /// <summary>Inputs worked on at a time: 12 kB of a panel stay in the first-level cache for all rows, while the next 12 kB come from memory.</summary>
    private const int Depth = 192;

    /// <summary>Puts weights into their place.</summary>
    /// <param name="weights">[inputs, outputs], or [outputs, inputs] if <paramref name="isTransposed"/>.</param>
    /// <param name="isTransposed">Whether a row holds the weights of one output.</param>
    public void Pack(ReadOnlyMemory<float> weights, bool isTransposed) => Parallel.For(0, Panels, [MethodImpl(MethodImplOptions.AggressiveOptimization)] (panel) =>
    {
        var from = weights.Span;
        float* to = (float*)(Memory + (panel * PanelBytes));
        int first = panel * PanelWidth;
        int width = Math.Min(PanelWidth, Outputs - first);
        for (int input = 0; input < Inputs; input++, to += PanelWidth)
        {
            new Span<float>(to + width, PanelWidth - width).Clear();
            for (int lane = 0; lane < width; lane++)
            {
                to[lane] = from[isTransposed ? ((first + lane) * Inputs) + input : (input * Outputs) + first + lane];
            }
        }
    });

    /// <inheritdoc/>
    public override void Multiply(int panel, in RowBlock rows, float* output, int stride)
    {
        var tile = new ProductTile
        {
            B = (float*)(Memory + (panel * PanelBytes)),
            StrideA = Inputs,
            StrideB = PanelWidth,
            C = output,
            StrideC = stride,

            // A lone row is done with weights as fast as they come, and the processor's own prefetching does best then.
            Ahead = rows.Count > 1 ? Depth * PanelWidth : 0,
        };
        for (int start = 0; start < Inputs; start += Depth)
        {
            tile.A = rows.Values + start;
            tile.Depth = Math.Min(Depth, Inputs - start);
            tile.IsAdding = start > 0;
            tile.Multiply(rows.Count);
            tile.B += tile.Depth * PanelWidth;
        }
    }
}
