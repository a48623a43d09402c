namespace Leanserve.Server.OpenAi;

/// <summary>A request to <c>/v1/completions</c>, read and checked: the prompt is text or token ids.</summary>
public sealed record CompletionRequest(GenerationParameters Parameters, string? Text, IReadOnlyList<int>? Tokens);
