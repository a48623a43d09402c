namespace Leanserve.Server.OpenAi;

/// <summary>One token of <see cref="ChatLogprobsBody"/>.</summary>
/// <param name="Token">Its text; U+FFFD where it is a part of a character.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
/// <param name="Bytes">Its UTF-8 bytes, exact.</param>
/// <param name="TopLogprobs">The most probable tokens; empty inside the list itself.</param>
public sealed record TokenLogprobBody(string Token, float Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<TokenLogprobBody> TopLogprobs);
