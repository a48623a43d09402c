using System.Security.Cryptography;
using System.Text;

namespace Leanserve.Onnx.Writing;

/// <summary>
/// Uniform random weights of unit gain. Each weight depends only on the seed, its tensor's name and its place, so that models that differ in one
/// size share the rest.
/// </summary>
/// <param name="seed">The same seed gives the same file.</param>
public sealed class RandomWeights(ulong seed) : IWeightSource
{
    // Logits of a standard deviation near 4 make one token stand out from tens of thousands, as trained models do.
    private const float HeadGain = 4;

    /// <inheritdoc/>
    public void Fill(WeightTensor tensor, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        float deviation = tensor.Kind switch
        {
            WeightKind.AttentionNorm or WeightKind.FeedForwardNorm or WeightKind.FinalNorm => 0,
            WeightKind.Embedding => 1,
            WeightKind.OutputHead => HeadGain / MathF.Sqrt(tensor.Columns),
            _ => 1 / MathF.Sqrt(tensor.Columns),
        };
        if (deviation == 0)
        {
            destination.Fill(1);
            return;
        }

        FillUniform(destination, TensorSeed(tensor.Name), deviation * MathF.Sqrt(3));
    }

    private static void FillUniform(Span<float> destination, ulong state, float bound)
    {
        float scale = bound / (1 << 23);
        for (int i = 0; i < destination.Length; i++)
        {
            // SplitMix64 (Steele, Lea & Flood 2014); its upper 24 bits give the fraction.
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            destination[i] = ((int)((z ^ (z >> 31)) >> 40) - (1 << 23)) * scale;
        }
    }

    private ulong TensorSeed(string name)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{name}"));
        return BitConverter.ToUInt64(digest);
    }
}
