using Leanserve.Engine;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Generation;

/// <summary>Answers of <c>/v1/completions</c>.</summary>
internal sealed class TextAnswerShape(ITokenizer tokenizer) : IAnswerShape
{
    public string IdPrefix => "cmpl-";

    public string WholeObject => "text_completion";

    public string ChunkObject => "text_completion";

    public ChoiceBody Whole(ChoiceText choice, bool withLogprobs) => new()
    {
        Index = choice.Index,
        Text = choice.Text,
        Logprobs = withLogprobs ? Logprobs(choice.Tokens, 0) : null,
    };

    public ChoiceBody Chunk(int index, string text, int offset, TokenGenerated? token) => new()
    {
        Index = index,
        Text = text,
        Logprobs = token is null ? null : Logprobs([token], offset),
    };

    public ChoiceBody? Opening(int index) => null;

    private TextLogprobsBody Logprobs(IReadOnlyList<TokenGenerated> tokens, int offset)
    {
        var offsets = new List<int>(tokens.Count);
        foreach (var token in tokens)
        {
            offsets.Add(offset);
            offset += token.Text.Length;
        }

        return new TextLogprobsBody(
            [.. tokens.Select(token => TokenText.Of(tokenizer, token.Token))],
            [.. tokens.Select(token => TokenText.Finite(token.LogProbability ?? 0))],
            [.. tokens.Select(Top)],
            offsets);
    }

    private Dictionary<string, float> Top(TokenGenerated token)
    {
        var top = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var alternative in token.TopLogProbabilities ?? [])
        {
            // Two tokens may read alike (parts of characters); the more probable one, which comes first, stays.
            top.TryAdd(TokenText.Of(tokenizer, alternative.Token), TokenText.Finite(alternative.LogProbability));
        }

        return top;
    }
}
