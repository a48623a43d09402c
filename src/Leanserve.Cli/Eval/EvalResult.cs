namespace Leanserve.Cli.Eval;

/// <summary>One answer, scored: a line of the results file.</summary>
internal sealed record EvalResult
{
    /// <summary>Tells the same question of the same set under the same strategy and decoding again when a run is resumed.</summary>
    public required string Key { get; init; }

    public required string Strategy { get; init; }

    public required string Decoding { get; init; }

    /// <summary>Line of the question in its file.</summary>
    public required int Line { get; init; }

    public required string Question { get; init; }

    public required IReadOnlyList<string> Accepted { get; init; }

    public string Answer { get; init; } = "";

    public bool Exact { get; init; }

    public double F1 { get; init; }

    /// <summary>Whether a retrieved passage holds the evidence; null where nothing was retrieved or the endpoint does not say.</summary>
    public bool? Found { get; init; }

    /// <summary>Null for an answer; otherwise what went wrong. Asked again when a run is resumed.</summary>
    public string? Error { get; init; }

    public double TtftMs { get; init; }

    public double TotalMs { get; init; }

    public int PromptTokens { get; init; }

    public int CachedTokens { get; init; }

    public int CompletionTokens { get; init; }

    /// <summary>Most KV bytes that the server has used so far; null where it does not say.</summary>
    public long? KvBytes { get; init; }
}
