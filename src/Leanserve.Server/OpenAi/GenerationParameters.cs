using Leanserve.Engine;

namespace Leanserve.Server.OpenAi;

/// <summary>What both generation endpoints have in common, read and checked.</summary>
public sealed record GenerationParameters
{
    public required string Model { get; init; }

    /// <summary>Null takes what the prompt leaves of the context.</summary>
    public required int? MaxTokens { get; init; }

    public required SamplingOptions Sampling { get; init; }

    /// <summary>Null under sampling.</summary>
    public required BeamSearchOptions? Beam { get; init; }

    /// <summary>Choices in the answer.</summary>
    public required int Choices { get; init; }

    public required IReadOnlyList<string> Stop { get; init; }

    /// <summary>What the answer must look like; null for free text.</summary>
    public required OutputFormat? Format { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Whether the stream ends with a chunk that holds the usage.</summary>
    public required bool IncludeUsage { get; init; }

    /// <summary>Names of the knowledge sources to answer from; null takes all.</summary>
    public IReadOnlyList<string>? Knowledge { get; init; }

    /// <summary>Alternatives for each token; null reports no log-probabilities.</summary>
    public int? TopLogProbabilities { get; init; }
}
