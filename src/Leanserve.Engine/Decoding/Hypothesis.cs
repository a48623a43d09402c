using Leanserve.Engine.Grammars;

namespace Leanserve.Engine.Decoding;

/// <summary>An answer of a beam search, as a list linked to what it extends.</summary>
/// <param name="Parent">The hypothesis without its last token, or null for the first token.</param>
/// <param name="Token">The last token.</param>
/// <param name="LogProbability">Of the last token alone.</param>
/// <param name="Sum">Sum of the log-probabilities of all tokens.</param>
/// <param name="Length">Tokens, an end token included.</param>
/// <param name="State">Where the answer stands in its format, where it has one.</param>
internal sealed record Hypothesis(Hypothesis? Parent, int Token, double LogProbability, double Sum, int Length, GrammarState? State = null)
{
    /// <summary>The hypotheses from the first token to this one.</summary>
    public IReadOnlyList<Hypothesis> Path()
    {
        var path = new Hypothesis[Length];
        for (var at = this; at is not null; at = at.Parent)
        {
            path[at.Length - 1] = at;
        }

        return path;
    }

    /// <summary>By which complete hypotheses are ranked.</summary>
    public double Score(double lengthPenalty) => Sum / Math.Pow(Length, lengthPenalty);
}
