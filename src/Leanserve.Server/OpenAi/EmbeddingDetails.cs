namespace Leanserve.Server.OpenAi;

/// <summary>How an embedding model is served.</summary>
/// <param name="Dimensions">Length of its vectors.</param>
/// <param name="MaxInputTokens">Longest text.</param>
public sealed record EmbeddingDetails(int Dimensions, int MaxInputTokens);
