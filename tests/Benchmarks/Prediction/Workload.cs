namespace Leanserve.Benchmarks.Prediction;

/// <summary>What a strategy is asked to serve, as the planner is told.</summary>
internal sealed record Workload
{
    public required double QueriesPerSecond { get; init; }

    /// <summary>Tokens of a question, all that questions share left out.</summary>
    public int PromptTokens { get; init; } = 2 * ServedStrategy.PromptWords;

    /// <summary>Tokens of all documents; 0 without.</summary>
    public int DocumentTokens { get; init; }

    /// <summary>Tokens of a retrieved passage.</summary>
    public int PassageTokens { get; init; } = ServedStrategy.PassageTokens;
}
