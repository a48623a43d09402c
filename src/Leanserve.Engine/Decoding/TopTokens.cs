using System.Numerics;

namespace Leanserve.Engine.Decoding;

/// <summary>Picks the best few of a vocabulary in one pass.</summary>
internal static class TopTokens
{
    /// <summary>The best tokens with their scores, best first; equal ones by id.</summary>
    public static TokenLogProbability[] Select(ReadOnlySpan<float> scores, int count)
    {
        count = Math.Min(count, scores.Length);
        var best = new TokenLogProbability[count];
        int filled = 0;
        float worst = float.NegativeInfinity;
        for (int token = 0; token < scores.Length; token++)
        {
            if (filled == count && token % Vector<float>.Count == 0)
            {
                // Nearly all of a vocabulary is worse than what is found early: it is passed over by vectors.
                token = SkipUpTo(scores, token, worst);
                if (token == scores.Length)
                {
                    break;
                }
            }

            float score = scores[token];
            if (filled == count && !(score > worst))
            {
                continue;
            }

            int at = filled < count ? filled++ : count - 1;
            for (; at > 0 && best[at - 1].LogProbability < score; at--)
            {
                best[at] = best[at - 1];
            }

            best[at] = new TokenLogProbability(token, score);
            worst = best[filled - 1].LogProbability;
        }

        return best;
    }

    /// <summary>The start of the first vector from <paramref name="token"/> on in which a score exceeds a bound, or where whole vectors end.</summary>
    private static int SkipUpTo(ReadOnlySpan<float> scores, int token, float bound)
    {
        var bounds = new Vector<float>(bound);
        while (token + Vector<float>.Count <= scores.Length && !Vector.GreaterThanAny(new Vector<float>(scores[token..]), bounds))
        {
            token += Vector<float>.Count;
        }

        return token;
    }
}
