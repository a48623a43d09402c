namespace Leanserve.Onnx.Writing;

/// <summary>Cosines and sines of rotary position embedding (arXiv 2104.09864).</summary>
internal static class RotaryCache
{
    /// <returns>Two tables, row-major [positions, rotaryDimensions / 2].</returns>
    public static (float[] Cosines, float[] Sines) Compute(int positions, int rotaryDimensions, double theta)
    {
        int half = rotaryDimensions / 2;
        var cosines = new float[(long)positions * half];
        var sines = new float[(long)positions * half];
        for (int pair = 0; pair < half; pair++)
        {
            double frequency = Math.Pow(theta, -2.0 * pair / rotaryDimensions);
            for (int position = 0; position < positions; position++)
            {
                (double sin, double cos) = Math.SinCos(position * frequency);
                cosines[((long)position * half) + pair] = (float)cos;
                sines[((long)position * half) + pair] = (float)sin;
            }
        }

        return (cosines, sines);
    }
}
