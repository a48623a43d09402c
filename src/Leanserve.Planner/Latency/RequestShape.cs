namespace Leanserve.Planner;

/// <summary>What one request asks of the engine under a strategy.</summary>
public sealed record RequestShape
{
    /// <summary>Tokens computed for this request before its first answer token.</summary>
    public required double PromptTokens { get; init; }

    /// <summary>Tokens of the answer.</summary>
    public required double OutputTokens { get; init; }

    /// <summary>Tokens cached once for all requests.</summary>
    public double SharedTokens { get; init; }

    /// <summary>Tokens that one request puts into each decode step: beams, or proposed tokens.</summary>
    public double TokensPerStep { get; init; } = 1;

    /// <summary>Answer tokens that one step completes on average.</summary>
    public double TokensGained { get; init; } = 1;

    /// <summary>KV slots that one answer token takes on average, dead branches included.</summary>
    public double SlotsPerOutputToken { get; init; } = 1;

    /// <summary>Time before the engine sees the request that no engine time explains: a remote retrieval, the embedding of the question.</summary>
    public double SecondsBefore { get; init; }

    /// <summary>Answer tokens that a step of their own computes: the prompt's last step draws the first one.</summary>
    public double TokensAfterFirst => Math.Max(OutputTokens - 1, 0);

    public double Steps => TokensAfterFirst / TokensGained;

    /// <summary>Slots that a request owns halfway through its answer.</summary>
    public double MeanOwnSlots => PromptTokens + (OutputTokens * SlotsPerOutputToken / 2);
}
