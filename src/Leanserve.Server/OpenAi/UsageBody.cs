namespace Leanserve.Server.OpenAi;

/// <summary>Tokens of a request.</summary>
public sealed record UsageBody(int PromptTokens, int CompletionTokens, int TotalTokens, PromptTokensDetails PromptTokensDetails);
