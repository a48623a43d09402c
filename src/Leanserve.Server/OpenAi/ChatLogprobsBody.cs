namespace Leanserve.Server.OpenAi;

/// <summary>Log-probabilities of a chat answer.</summary>
public sealed record ChatLogprobsBody(IReadOnlyList<TokenLogprobBody> Content);
