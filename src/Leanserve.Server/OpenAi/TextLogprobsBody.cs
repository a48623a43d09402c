namespace Leanserve.Server.OpenAi;

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
