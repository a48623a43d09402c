namespace Leanserve.Onnx.Reader;

/// <summary>A weight matrix that is zero but for what is set. Inputs and outputs are what the row takes from which column.</summary>
internal readonly ref struct WeightGrid(Span<float> values, int columns)
{
    private readonly Span<float> _values = values;

    public float this[int output, int input]
    {
        get => _values[(output * columns) + input];
        set => _values[(output * columns) + input] = value;
    }

    /// <summary>Copies a run of elements unchanged, or scaled.</summary>
    public void Copy(int output, int input, int count, float scale = 1)
    {
        for (int i = 0; i < count; i++)
        {
            this[output + i, input + i] = scale;
        }
    }

    /// <summary>Sets a rotated pair to a vector of this length and angle.</summary>
    public void SetPair(int head, int pair, int input, double length, double angle)
    {
        this[(head * ReaderHead.Size) + pair, input] = (float)(length * Math.Cos(angle));
        this[(head * ReaderHead.Size) + pair + ReaderHead.RotaryPairs, input] = (float)(length * Math.Sin(angle));
    }

    /// <summary>Adds to a rotated pair what turns one vector into another where a flag is set.</summary>
    public void SetPairChange(int head, int pair, int flag, double length, double from, double to)
    {
        this[(head * ReaderHead.Size) + pair, flag] = (float)(length * (Math.Cos(to) - Math.Cos(from)));
        this[(head * ReaderHead.Size) + pair + ReaderHead.RotaryPairs, flag] = (float)(length * (Math.Sin(to) - Math.Sin(from)));
    }
}
