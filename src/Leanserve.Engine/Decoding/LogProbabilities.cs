using System.Numerics.Tensors;

namespace Leanserve.Engine.Decoding;

/// <summary>Logarithms of softmax probabilities.</summary>
internal static class LogProbabilities
{
    /// <summary>log Σ exp(logit): what to take from a logit to get its log-probability.</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        float max = TensorPrimitives.Max(logits);
        var shifted = VocabularyScratch.Noise(logits.Length);
        TensorPrimitives.Subtract(logits, max, shifted);
        TensorPrimitives.Exp(shifted, shifted);

        // Blocks keep the rounding of a sum over a whole vocabulary below that of the logits.
        const int Block = 256;
        double sum = 0;
        for (int start = 0; start < shifted.Length; start += Block)
        {
            sum += TensorPrimitives.Sum<float>(shifted.Slice(start, Math.Min(Block, shifted.Length - start)));
        }

        return max + Math.Log(sum);
    }

    /// <summary>The <paramref name="count"/> best tokens, best first; equal ones by id.</summary>
    public static TokenLogProbability[] Top(ReadOnlySpan<float> logits, int count, double logSumExp)
    {
        var best = TopTokens.Select(logits, count);
        return Array.ConvertAll(best, token => token with { LogProbability = (float)(token.LogProbability - logSumExp) });
    }
}
