using System.Text.Json.Serialization;

namespace Leanserve.Server.OpenAi;

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
