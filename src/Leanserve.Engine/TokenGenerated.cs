namespace Leanserve.Engine;

/// <summary>One more token of a choice.</summary>
/// <param name="Choice">Index of the choice, from 0.</param>
/// <param name="Token">The token; an end token is not reported.</param>
/// <param name="Text">Text that became certain with this token: complete characters, and never a part of a stop string. May be empty.</param>
/// <param name="LogProbability">Natural logarithm of the model's own probability (before temperature and filters), where it was asked for.</param>
/// <param name="TopLogProbabilities">The most probable tokens, best first, where they were asked for.</param>
public sealed record TokenGenerated(
    int Choice,
    int Token,
    string Text,
    float? LogProbability = null,
    IReadOnlyList<TokenLogProbability>? TopLogProbabilities = null) : GenerationEvent;
