namespace Leanserve.Cli.Streaming;

/// <summary>What one request measured.</summary>
public sealed record RequestSample
{
    /// <summary>Null for a complete answer, else what went wrong, such as <c>HTTP 429</c>.</summary>
    public string? Error { get; init; }

    /// <summary>What the server wrote beside an HTTP error; null otherwise.</summary>
    public string? Refusal { get; init; }

    /// <summary>The answer, of several choices the first.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether a Leanserve runtime says that it answered by retrieval.</summary>
    public bool IsRag { get; init; }

    /// <summary>The passages that it retrieved, best first.</summary>
    public IReadOnlyList<string> RetrievedTexts { get; init; } = [];

    /// <summary>From the moment the request was due to the first text.</summary>
    public TimeSpan TimeToFirstToken { get; init; }

    /// <summary>Gaps between the pieces of the stream after the first.</summary>
    public IReadOnlyList<TimeSpan> InterTokenLatencies { get; init; } = [];

    /// <summary>From the moment the request was due to its last byte.</summary>
    public TimeSpan Total { get; init; }

    public int PromptTokens { get; init; }

    public int CachedTokens { get; init; }

    public int CompletionTokens { get; init; }
}
