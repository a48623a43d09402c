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
