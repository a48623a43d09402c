using System.Text;
using Leanserve.Engine;

namespace Leanserve.Server.Generation;

/// <summary>Single tokens as log-probabilities report them.</summary>
internal static class TokenText
{
    // What OpenAI's API reports for a token of probability zero; JSON knows no infinity.
    private const float Floor = -9999f;

    public static string Of(ITokenizer tokenizer, int token) => Encoding.UTF8.GetString(tokenizer.TokenBytes(token));

    public static float Finite(float logProbability) => float.IsFinite(logProbability) ? logProbability : Floor;
}
