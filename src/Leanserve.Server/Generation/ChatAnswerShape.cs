using Leanserve.Engine;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Generation;

/// <summary>Answers of <c>/v1/chat/completions</c>.</summary>
internal sealed class ChatAnswerShape(ITokenizer tokenizer) : IAnswerShape
{
    public string IdPrefix => "chatcmpl-";

    public string WholeObject => "chat.completion";

    public string ChunkObject => "chat.completion.chunk";

    public ChoiceBody Whole(ChoiceText choice, bool withLogprobs) => new()
    {
        Index = choice.Index,
        Message = new MessageBody { Role = "assistant", Content = choice.Text },
        Logprobs = withLogprobs ? Logprobs(choice.Tokens) : null,
    };

    public ChoiceBody Chunk(int index, string text, int offset, TokenGenerated? token) => new()
    {
        Index = index,
        Delta = new MessageBody { Content = text },
        Logprobs = token is null ? null : Logprobs([token]),
    };

    public ChoiceBody Opening(int index) => new() { Index = index, Delta = new MessageBody { Role = "assistant", Content = "" } };

    private ChatLogprobsBody Logprobs(IReadOnlyList<TokenGenerated> tokens) =>
        new([.. tokens.Select(token => Logprob(token.Token, token.LogProbability ?? 0, Top(token)))]);

    private List<TokenLogprobBody> Top(TokenGenerated token) =>
        [.. (token.TopLogProbabilities ?? []).Select(top => Logprob(top.Token, top.LogProbability, []))];

    private TokenLogprobBody Logprob(int token, float logProbability, IReadOnlyList<TokenLogprobBody> top) =>
        new(TokenText.Of(tokenizer, token), TokenText.Finite(logProbability), [.. tokenizer.TokenBytes(token)], top);
}
