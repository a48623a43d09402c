using Leanserve.Contracts;

namespace Leanserve.Server.OpenAi;

/// <summary>How the model is served.</summary>
/// <param name="Knowledge">How documents reach the model.</param>
/// <param name="Decoding">The default decoding.</param>
/// <param name="ContextTokens">Longest prompt and answer together.</param>
/// <param name="MaxOutputTokens">Largest <c>max_tokens</c>.</param>
/// <param name="Chat">Whether <c>/v1/chat/completions</c> is served.</param>
/// <param name="Sources">The documents.</param>
public sealed record ModelDetails(
    KnowledgeMode Knowledge, DecodingMode Decoding, int ContextTokens, int MaxOutputTokens, bool Chat, IReadOnlyList<KnowledgeSourceBody> Sources);
