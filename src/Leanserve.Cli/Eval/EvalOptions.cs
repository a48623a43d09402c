using Leanserve.Cli.Eval.Questions;

namespace Leanserve.Cli.Eval;

/// <summary>What is evaluated, and how.</summary>
internal sealed record EvalOptions
{
    public required IReadOnlyList<EvalQuestion> Questions { get; init; }

    public required IReadOnlyList<EvalStrategy> Strategies { get; init; }

    public required IReadOnlyList<EvalDecoding> Decodings { get; init; }

    /// <summary>Model to ask for; null takes the endpoint's first.</summary>
    public string? Model { get; init; }

    /// <summary>Requests at a time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Longest answer.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Sent with each request.</summary>
    public required int Seed { get; init; }

    /// <summary>Answers in all.</summary>
    public int Total => Questions.Count * Strategies.Count * Decodings.Count;
}
