using Leanserve.Contracts;

namespace Leanserve.Server.OpenAi;

/// <summary>How the answer came about.</summary>
public sealed record StrategyBody(KnowledgeMode Knowledge, DecodingMode Decoding);
