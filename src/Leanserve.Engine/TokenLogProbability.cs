namespace Leanserve.Engine;

/// <summary>A token and the natural logarithm of its probability.</summary>
public readonly record struct TokenLogProbability(int Token, float LogProbability);
