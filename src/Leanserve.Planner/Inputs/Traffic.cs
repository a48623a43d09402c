namespace Leanserve.Planner;

/// <summary>The expected load.</summary>
public sealed record Traffic
{
    /// <summary>Requests a second, on average over the busy hours.</summary>
    public required double QueriesPerSecond { get; init; }

    /// <summary>How many times the average a burst reaches; at least 1.</summary>
    public double BurstFactor { get; init; } = 3;

    /// <summary>Tokens of a typical prompt, documents not counted.</summary>
    public int PromptTokens { get; init; } = 300;

    /// <summary>Tokens of a typical answer.</summary>
    public int OutputTokens { get; init; } = 250;

    /// <summary>Share of a typical answer that repeats its prompt, its documents or itself word for word, in [0, 1]; 0 where nobody knows of any.</summary>
    public double CopiedShare { get; init; }
}
