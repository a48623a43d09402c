namespace Leanserve.Server.OpenAi;

/// <summary>Prompt tokens that were found in the cache.</summary>
public sealed record PromptTokensDetails(int CachedTokens);
