namespace Leanserve.Server.OpenAi;

/// <summary>One knowledge source.</summary>
public sealed record KnowledgeSourceBody(string Name, int Documents, string ContentHash);
