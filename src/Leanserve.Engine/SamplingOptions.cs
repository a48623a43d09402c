namespace Leanserve.Engine;

/// <summary>How the next token is drawn from the logits.</summary>
public sealed record SamplingOptions
{
    /// <summary>0 takes the best token always.</summary>
    /// <value>The default value is 1. The value must be 0 or greater.</value>
    public float Temperature { get; init; } = 1;

    /// <summary>Only the best K tokens may be drawn; 0 is no limit.</summary>
    public int TopK { get; init; }

    /// <summary>Only the smallest set of best tokens whose probabilities sum to this; 1 is no limit.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Only tokens at least this fraction as probable as the best; 0 is no limit.</summary>
    public float MinP { get; init; }

    /// <summary>Logits of tokens seen in prompt or answer are divided (or, below 0, multiplied) by this; 1 is none.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Taken from the logits of tokens seen in the answer, once.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Taken from the logits of tokens seen in the answer, for each time.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Added to the logits of these tokens.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>The same prompt, options and seed give the same answer; null draws a fresh seed.</summary>
    public ulong? Seed { get; init; }
}
