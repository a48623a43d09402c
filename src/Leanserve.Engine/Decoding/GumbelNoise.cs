using System.Numerics.Tensors;

namespace Leanserve.Engine.Decoding;

/// <summary>
/// Standard Gumbel noise as a function of (seed, choice, position, token) alone. Adding it to scaled logits and taking the maximum draws from the
/// softmax (Gumbel-max). A draw then depends on its own request only, and rounding differences of 1e-6 in the logits, which come from sharing a step
/// with other requests, change it about once in a million draws; inverting a cumulative sum over the vocabulary would let them add up.
/// </summary>
internal static class GumbelNoise
{
    /// <summary>Key of one draw.</summary>
    public static uint Key(ulong seed, int choice, int position)
    {
        ulong z = seed + (0x9E3779B97F4A7C15 * (((ulong)(uint)choice << 32) | (uint)position));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (uint)z ^ (uint)(z >> 32);
    }

    /// <summary>Fills the noise of tokens 0, 1, 2, …</summary>
    public static void Fill(uint key, Span<float> noise)
    {
        for (int token = 0; token < noise.Length; token++)
        {
            noise[token] = Uniform(key, token);
        }

        // −log(−log u)
        TensorPrimitives.Log(noise, noise);
        TensorPrimitives.Negate(noise, noise);
        TensorPrimitives.Log(noise, noise);
        TensorPrimitives.Negate(noise, noise);
    }

    /// <summary>The noise of one token.</summary>
    public static float At(uint key, int token) => -MathF.Log(-MathF.Log(Uniform(key, token)));

    /// <summary>In the open interval (0, 1).</summary>
    private static float Uniform(uint key, int token)
    {
        // Two rounds of a 32-bit mixer (lowbias32, Wellons 2018).
        uint x = key + ((uint)token * 0x9E3779B9);
        x = (x ^ (x >> 16)) * 0x21F0AAAD;
        x = (x ^ (x >> 15)) * 0x735A2D97;
        x ^= x >> 15;
        return ((x >> 9) + 0.5f) * (1f / (1 << 23));
    }
}
