using System.Text.Json.Serialization;

namespace Leanserve.Server.OpenAi;

/// <summary>The body of an answer or of one chunk of a stream, for both generation endpoints.</summary>
public sealed record CompletionBody
{
    public required string Id { get; init; }

    /// <summary><c>chat.completion</c>, <c>chat.completion.chunk</c> or <c>text_completion</c>.</summary>
    public required string Object { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Created { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<ChoiceBody> Choices { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageBody? Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeanserveBody? Leanserve { get; init; }
}

/// <summary>One choice: <c>message</c> or <c>delta</c> of a chat, <c>text</c> of a plain completion.</summary>
public sealed record ChoiceBody
{
    public required int Index { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageBody? Message { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageBody? Delta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>A <see cref="ChatLogprobsBody"/>, a <see cref="TextLogprobsBody"/> or null.</summary>
    public object? Logprobs { get; init; }

    /// <summary><c>stop</c>, <c>length</c>, or null while the choice goes on.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Beam search: sum of log-probabilities / length^penalty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Score { get; init; }
}

/// <summary>A message, or what a chunk adds to it.</summary>
public sealed record MessageBody
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}

/// <summary>Tokens of a request.</summary>
public sealed record UsageBody(int PromptTokens, int CompletionTokens, int TotalTokens, PromptTokensDetails PromptTokensDetails);

/// <summary>Prompt tokens that were found in the cache.</summary>
public sealed record PromptTokensDetails(int CachedTokens);
