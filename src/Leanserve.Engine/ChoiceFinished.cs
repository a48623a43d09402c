namespace Leanserve.Engine;

/// <summary>A choice is complete.</summary>
/// <param name="Choice">Index of the choice, from 0.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Text">Text that was held back until now (it might have become a stop string, or a character).</param>
/// <param name="StopString">The stop string that was met, if one was.</param>
/// <param name="Score">Beam search only: sum of log-probabilities / length^penalty.</param>
public sealed record ChoiceFinished(int Choice, FinishReason Reason, string Text, string? StopString = null, double? Score = null)
    : GenerationEvent;
