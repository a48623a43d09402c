namespace Leanserve.Engine;

/// <summary>One prompt to be continued.</summary>
public sealed record GenerationRequest
{
    /// <summary>The whole prompt, preloaded documents included; whatever is cached of it is found and reused. At least one token.</summary>
    public required IReadOnlyList<int> PromptTokens { get; init; }

    /// <summary>Longest answer, in tokens, for each choice.</summary>
    public required int MaxTokens { get; init; }

    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Beam search in place of sampling, or null.</summary>
    public BeamSearchOptions? Beam { get; init; }

    /// <summary>What the answer must look like; it ends as soon as it is complete and cannot go on. Null for free text.</summary>
    public OutputFormat? Format { get; init; }

    /// <summary>Strings that end the answer; they, and anything after them, are left out of the text.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Tokens that end the answer; null takes the tokenizer's end tokens, an empty set runs on to <see cref="MaxTokens"/>.</summary>
    public IReadOnlySet<int>? StopTokens { get; init; }

    /// <summary>Independent answers to the one prompt (sampling only; beam search takes <see cref="BeamSearchOptions.Return"/>).</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Alternatives reported for each token with their log-probabilities; null reports no log-probabilities at all, 0 the token's own.</summary>
    public int? TopLogProbabilities { get; init; }
}
