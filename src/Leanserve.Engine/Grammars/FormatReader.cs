namespace Leanserve.Engine.Grammars;

/// <summary>Holds the answers of one request to its format.</summary>
internal sealed class FormatReader(OutputFormat format, ITokenizer tokenizer, IReadOnlySet<int> endTokens)
{
    public GrammarState Start => format.Start;

    /// <summary>Closes all tokens but those that may come next.</summary>
    public void Restrict(GrammarState state, Span<float> logits) => format.Restrict(state, logits, endTokens);

    /// <summary>Where a token leads that was left open.</summary>
    public GrammarState Read(GrammarState state, int token) => endTokens.Contains(token) ? state : format.Read(state, tokenizer.TokenBytes(token));
}
