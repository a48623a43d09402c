namespace Leanserve.Server.OpenAi;

/// <summary>The body of every refusal: <c>{"error": {"message", "type", "param", "code"}}</c>.</summary>
public sealed record OpenAiErrorBody(OpenAiErrorDetail Error);
