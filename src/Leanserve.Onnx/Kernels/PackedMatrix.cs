namespace Leanserve.Onnx.Kernels;

/// <summary>
/// Constant weights [outputs, inputs], laid out for the processor in panels of 16 outputs. Each output is one sum in order of its inputs, in its own
/// vector lane: the result is the same to the last bit however many rows are multiplied at once and whichever vectors the processor has.
/// </summary>
/// <param name="outputs">N.</param>
/// <param name="inputs">K.</param>
/// <param name="panelBytes">Bytes of one panel; a multiple of 64.</param>
internal abstract unsafe class PackedMatrix(int outputs, int inputs, long panelBytes)
{
    /// <summary>Outputs of a panel: a cache line of f32.</summary>
    public const int PanelWidth = 16;

    /// <summary>N.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>K.</summary>
    public int Inputs { get; } = inputs;

    public int Panels => (Outputs + PanelWidth - 1) / PanelWidth;

    public long PanelBytes { get; } = panelBytes;

    public long Bytes => Panels * PanelBytes;

    protected byte* Memory { get; private set; }

    /// <summary>Says where the weights lie, or are to be packed.</summary>
    /// <param name="memory"><see cref="Bytes"/> bytes on a cache line, which outlive the matrix.</param>
    public void Place(byte* memory) => Memory = memory;

    /// <summary>Multiplies some rows by one panel.</summary>
    /// <param name="panel">Which outputs.</param>
    /// <param name="rows">The rows, prepared for this kind of matrix.</param>
    /// <param name="output">[rows, PanelWidth] of stride <paramref name="stride"/>; all 16 columns are written.</param>
    /// <param name="stride">Elements between rows of the output.</param>
    public abstract void Multiply(int panel, in RowBlock rows, float* output, int stride);
}
