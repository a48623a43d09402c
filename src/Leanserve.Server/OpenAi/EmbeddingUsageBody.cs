namespace Leanserve.Server.OpenAi;

/// <summary>Tokens of the texts.</summary>
public sealed record EmbeddingUsageBody(int PromptTokens, int TotalTokens);
