namespace Leanserve.Onnx.Reader;

/// <summary>What the elements of the reader's heads of 160 carry. Queries, keys and values use them apart.</summary>
internal static class ReaderHead
{
    public const int Size = 160;

    /// <summary>Query heads, which share one head of keys and values.</summary>
    public const int Heads = 2;

    /// <summary>Rotated elements: pair i is (i, i + 8).</summary>
    public const int RotaryDimensions = 16;

    public const int RotaryPairs = RotaryDimensions / 2;

    public const double RotaryTheta = 1e5;

    /// <summary>Pairs 0 to 4 point at one exact distance.</summary>
    public const int DistancePairs = 5;

    // Both turn by less than half a circle over 4,096 positions: what they score falls with distance all the way.
    public const int EndWallPair = 5;
    public const int SlowPair = 6;

    /// <summary>Begin of the elements without position.</summary>
    public const int Flat = RotaryDimensions;

    public const int Begin = Flat;
    public const int TurnWall = Flat + 1;
    public const int EndWall = Flat + 2;
    public const int Marker = Flat + 3;
    public const int Excluded = Flat + 4;

    /// <summary>Begin of the window of codes in queries and keys.</summary>
    public const int Codes = 32;

    // In values: codes first, counts and flags in the next block of 32, so that their quantisation steps differ.
    public const int ValueFlags = 64;

    /// <summary>Angle by which a pair turns each position.</summary>
    public static double Frequency(int pair) => Math.Pow(RotaryTheta, -2.0 * pair / RotaryDimensions);
}
