namespace Leanserve.Server.OpenAi;

/// <summary>A request to <c>/v1/chat/completions</c>, read and checked.</summary>
public sealed record ChatRequest(GenerationParameters Parameters, IReadOnlyList<ChatMessage> Messages);
