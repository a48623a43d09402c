using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Server.OpenAi;

/// <summary>What request members are checked against.</summary>
/// <param name="Decoding">The default decoding.</param>
/// <param name="MaxOutputTokens">Largest <c>max_tokens</c>.</param>
/// <param name="VocabularySize">Token ids are below this.</param>
/// <param name="KnowledgeNames">Knowledge sources that a request may name.</param>
/// <param name="Formats">Formats that answers can be held to.</param>
public sealed record RequestLimits(
    DecodingConfig Decoding, int MaxOutputTokens, int VocabularySize, IReadOnlyList<string> KnowledgeNames, OutputFormats Formats)
{
    /// <summary>Largest <c>n</c>.</summary>
    public const int MaxChoices = 16;

    /// <summary>Most alternatives that log-probabilities list.</summary>
    public const int MaxTopLogProbabilities = 20;

    /// <summary>Most stop strings, as in OpenAI's API.</summary>
    public const int MaxStopStrings = 4;

    /// <summary>Longest stop string, in UTF-16 units; text that may become one is held back, so it must be bounded.</summary>
    public const int MaxStopStringLength = 256;

    /// <summary>Most entries of <c>logit_bias</c>, as in OpenAI's API.</summary>
    public const int MaxLogitBiases = 300;

    /// <summary>Most messages of one conversation.</summary>
    public const int MaxMessages = 2048;
}
