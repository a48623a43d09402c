namespace Leanserve.Simulation;

/// <summary>One request that reaches a replica.</summary>
/// <param name="ArrivalSeconds">When its client sends it, from the start of the simulation.</param>
/// <param name="PromptTokens">Tokens computed before its first answer token.</param>
/// <param name="OutputTokens">Tokens of its answer; at least 1.</param>
public readonly record struct SimulatedRequest(double ArrivalSeconds, double PromptTokens, double OutputTokens);
