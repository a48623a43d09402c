namespace Leanserve.Engine.Knowledge;

/// <summary>Turns text into vectors whose directions are close where the meanings are. Thread-safe.</summary>
public interface IEmbedder : IDisposable
{
    /// <summary>Length of a vector.</summary>
    int Dimensions { get; }

    /// <summary>Longest text, in tokens as <see cref="Tokenize"/> gives them.</summary>
    int MaxTokens { get; }

    /// <summary>Token ids run from 0 to this number, exclusive.</summary>
    int VocabularySize { get; }

    /// <summary>Changes whenever the same text would get another vector: another model, tokenizer or pooling.</summary>
    string Fingerprint { get; }

    /// <summary>Tokens of a text, without those that the model puts around every text. Not cut to <see cref="MaxTokens"/>.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    /// <param name="use">What the text is for: some models want questions and documents introduced differently.</param>
    IReadOnlyList<int> Tokenize(string text, EmbeddingUse use);

    /// <summary>The vector, [Dimensions] of length 1, so that a dot product is the cosine. The same whatever else is embedded beside it.</summary>
    /// <param name="tokens">At most <see cref="MaxTokens"/>.</param>
    /// <param name="cancellationToken">Ends the wait for other texts.</param>
    Task<float[]> EmbedAsync(IReadOnlyList<int> tokens, CancellationToken cancellationToken);
}
