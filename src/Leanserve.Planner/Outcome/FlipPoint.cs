namespace Leanserve.Planner;

/// <summary>A value of one input at which another strategy becomes the best.</summary>
/// <param name="Dimension">What changes: <c>documentTokens</c>, <c>queriesPerSecond</c>, or <c>answerQuality</c>.</param>
/// <param name="Threshold">The value from which on the other wins, rounded to two or three digits.</param>
/// <param name="Above">True when the flip lies above the present value, false below.</param>
/// <param name="Winner">The strategy that wins there, such as <c>Rag</c>; <c>nothing feasible</c> where none does.</param>
/// <param name="Message">The flip as part of a sentence: "flips to Rag above 61,000 tokens of documents".</param>
public sealed record FlipPoint(string Dimension, double Threshold, bool Above, string Winner, string Message);
