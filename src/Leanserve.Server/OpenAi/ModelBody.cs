using Leanserve.Contracts;

namespace Leanserve.Server.OpenAi;

/// <summary>The body of <c>/v1/models</c>.</summary>
public sealed record ModelListBody(string Object, IReadOnlyList<ModelBody> Data);

/// <summary>One model.</summary>
/// <param name="Id">The name that requests ask for.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">Unix seconds of the server's start.</param>
/// <param name="OwnedBy">Always <c>leanserve</c>.</param>
/// <param name="Leanserve">What this server tells beyond OpenAI's API.</param>
public sealed record ModelBody(string Id, string Object, long Created, string OwnedBy, ModelDetails Leanserve);

/// <summary>How the model is served.</summary>
/// <param name="Knowledge">How documents reach the model.</param>
/// <param name="Decoding">The default decoding.</param>
/// <param name="ContextTokens">Longest prompt and answer together.</param>
/// <param name="MaxOutputTokens">Largest <c>max_tokens</c>.</param>
/// <param name="Chat">Whether <c>/v1/chat/completions</c> is served.</param>
/// <param name="Sources">The documents.</param>
public sealed record ModelDetails(
    KnowledgeMode Knowledge, DecodingMode Decoding, int ContextTokens, int MaxOutputTokens, bool Chat, IReadOnlyList<KnowledgeSourceBody> Sources);

/// <summary>One knowledge source.</summary>
public sealed record KnowledgeSourceBody(string Name, int Documents, string ContentHash);
