using System.Text.Json.Serialization;

namespace Leanserve.Server.OpenAi;

/// <summary>What this server tells beyond OpenAI's API.</summary>
public sealed record LeanserveBody
{
    public required StrategyBody Strategy { get; init; }

    /// <summary>The documents that the answer is from, in the version that it had; empty where it had none.</summary>
    public required IReadOnlyList<KnowledgeSourceBody> Sources { get; init; }

    /// <summary>Passages that went into the prompt, best first; empty but under RAG.</summary>
    public required IReadOnlyList<RetrievedBody> Retrieved { get; init; }

    /// <summary>Null in the first chunk of a stream, where they are not known yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimingsBody? Timings { get; init; }
}
