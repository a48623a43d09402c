namespace Leanserve.Planner;

/// <summary>What n-gram lookup drafts in a step, and how much of it is drawn.</summary>
/// <remarks>
/// An answer is taken for stretches that repeat earlier text, of which a step completes what it drafts and one token more, and for tokens that repeat nothing,
/// one a step. A share of 0.92 explains the measured 5.5 tokens a step of the reader's answers alone and the 2.6 of each of four (make bench ONLY=speculation).
/// </remarks>
/// <param name="Tokens">Most tokens drafted in a step, over all its answers; each drafts an equal, whole part of them.</param>
/// <param name="CopiedShare">Share of an answer's tokens that repeat earlier text, in [0, 1].</param>
/// <param name="MissedTokens">Tokens that an answer drafts in a step in vain.</param>
public sealed record NGramDrafts(double Tokens, double CopiedShare, double MissedTokens)
{
    /// <summary>Tokens by which one answer grows in a step with so many answers.</summary>
    public double TokensGained(double answers) => 1 / (1 - CopiedShare + (CopiedShare / (Drafted(answers) + 1)));

    /// <summary>Tokens that one answer puts into a step with so many answers.</summary>
    public double TokensPerStep(double answers) => Drafted(answers) > 0 ? TokensGained(answers) + MissedTokens : 1;

    private double Drafted(double answers) => Math.Floor(Tokens / Math.Max(answers, 1));
}
