namespace Leanserve.Engine.Decoding;

/// <summary>Two buffers of a vocabulary's length, one pair for each thread: requests draw one after the other and need none of their own.</summary>
internal static class VocabularyScratch
{
    [ThreadStatic]
    private static float[]? scores;

    [ThreadStatic]
    private static float[]? noise;

    public static Span<float> Scores(int length) => Ensure(ref scores, length);

    public static Span<float> Noise(int length) => Ensure(ref noise, length);

    private static Span<float> Ensure(ref float[]? buffer, int length)
    {
        if (buffer is null || buffer.Length < length)
        {
            buffer = new float[length];
        }

        return buffer.AsSpan(0, length);
    }
}
