namespace Leanserve.Engine;

/// <summary>Tokens of one request.</summary>
/// <param name="PromptTokens">All tokens of the prompt.</param>
/// <param name="CachedTokens">Prompt tokens that this request found computed already, or being computed for another.</param>
/// <param name="CompletionTokens">Tokens drawn, over all choices, end tokens included.</param>
public readonly record struct TokenUsage(int PromptTokens, int CachedTokens, int CompletionTokens);
