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

    /// <summary>What n-gram lookup drafts, in place of the two figures above, which the number of answers in a step then decides; null drafts nothing.</summary>
    public NGramDrafts? Drafts { get; init; }

    /// <summary>KV slots that one answer token takes on average, dead branches included.</summary>
    public double SlotsPerOutputToken { get; init; } = 1;

    /// <summary>Time before the engine sees the request that no engine time explains: a remote retrieval, the embedding of the question.</summary>
    public double SecondsBefore { get; init; }

    /// <summary>Answer tokens that a step of their own computes: the prompt's last step draws the first one.</summary>
    public double TokensAfterFirst => Math.Max(OutputTokens - 1, 0);

    /// <summary>Steps of an answer with so many side by side.</summary>
    public double Steps(double answers) => TokensAfterFirst / TokensGainedBeside(answers);

    /// <summary>Tokens that one request puts into a decode step of so many answers.</summary>
    public double TokensPerStepBeside(double answers) => Drafts?.TokensPerStep(answers) ?? TokensPerStep;

    /// <summary>Answer tokens that a decode step of so many answers completes of each.</summary>
    public double TokensGainedBeside(double answers) => Drafts?.TokensGained(answers) ?? TokensGained;

    /// <summary>Slots that a request owns halfway through its answer.</summary>
    public double MeanOwnSlots => PromptTokens + (OutputTokens * SlotsPerOutputToken / 2);
}
