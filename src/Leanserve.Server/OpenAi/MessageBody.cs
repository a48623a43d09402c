using System.Text.Json.Serialization;

namespace Leanserve.Server.OpenAi;

/// <summary>A message, or what a chunk adds to it.</summary>
public sealed record MessageBody
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}
