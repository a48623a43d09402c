using System.Text.Json.Serialization;
using Leanserve.Contracts;

namespace Leanserve.Server.OpenAi;

/// <summary>What this server tells beyond OpenAI's API.</summary>
public sealed record LeanserveBody
{
    public required StrategyBody Strategy { get; init; }

    /// <summary>Passages that went into the prompt, best first; empty but under RAG.</summary>
    public required IReadOnlyList<RetrievedBody> Retrieved { get; init; }

    /// <summary>Null in the first chunk of a stream, where they are not known yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimingsBody? Timings { get; init; }
}

/// <summary>How the answer came about.</summary>
public sealed record StrategyBody(KnowledgeMode Knowledge, DecodingMode Decoding);

/// <summary>One retrieved passage.</summary>
/// <param name="Source">The document.</param>
/// <param name="Passage">Number of the passage in the document, from 0.</param>
/// <param name="Heading">Headings above it.</param>
/// <param name="Offset">Its first character in the document.</param>
/// <param name="Score">BM25 score.</param>
/// <param name="Text">The passage itself.</param>
public sealed record RetrievedBody(string Source, int Passage, string Heading, int Offset, double Score, string Text);

/// <summary>Where the time went, in milliseconds.</summary>
/// <param name="RetrievalMs">Search in the index.</param>
/// <param name="QueueMs">Waiting for admission.</param>
/// <param name="TtftMs">From submission to the first token.</param>
/// <param name="PerTokenMs">Mean time between tokens after the first.</param>
/// <param name="TotalMs">From submission to the end.</param>
public sealed record TimingsBody(double RetrievalMs, double QueueMs, double TtftMs, double PerTokenMs, double TotalMs);
