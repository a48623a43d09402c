namespace Leanserve.Server.OpenAi;

/// <summary>Log-probabilities of a chat answer.</summary>
public sealed record ChatLogprobsBody(IReadOnlyList<TokenLogprobBody> Content);

/// <summary>One token of <see cref="ChatLogprobsBody"/>.</summary>
/// <param name="Token">Its text; U+FFFD where it is a part of a character.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
/// <param name="Bytes">Its UTF-8 bytes, exact.</param>
/// <param name="TopLogprobs">The most probable tokens; empty inside the list itself.</param>
public sealed record TokenLogprobBody(string Token, float Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<TokenLogprobBody> TopLogprobs);

/// <summary>Log-probabilities of a plain completion.</summary>
/// <param name="Tokens">Text of each token.</param>
/// <param name="TokenLogprobs">Natural logarithm of each token's probability.</param>
/// <param name="TopLogprobs">For each token, the most probable tokens' texts with theirs.</param>
/// <param name="TextOffset">First character of each token in the text.</param>
public sealed record TextLogprobsBody(
    IReadOnlyList<string> Tokens,
    IReadOnlyList<float> TokenLogprobs,
    IReadOnlyList<IReadOnlyDictionary<string, float>> TopLogprobs,
    IReadOnlyList<int> TextOffset);
