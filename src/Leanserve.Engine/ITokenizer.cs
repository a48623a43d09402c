namespace Leanserve.Engine;

/// <summary>Text to token ids and back, as the model was trained with.</summary>
public interface ITokenizer
{
    /// <summary>Ids run from 0 to this number, exclusive.</summary>
    int VocabularySize { get; }

    /// <summary>The token that starts every sequence, or null where the model has none.</summary>
    int? BeginToken { get; }

    /// <summary>Tokens that end an answer.</summary>
    IReadOnlySet<int> EndTokens { get; }

    /// <summary>Token ids of <paramref name="text"/>, without a begin token.</summary>
    /// <param name="text">Any text; a lone surrogate is encoded as U+FFFD.</param>
    /// <param name="parseSpecialTokens">
    /// True for text that we wrote ourselves (a chat template), whose special tokens count as such; false for what users wrote, which can then
    /// never forge one.
    /// </param>
    IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = false);

    /// <summary>The text of the tokens; special tokens are left out, incomplete UTF-8 becomes U+FFFD.</summary>
    string Decode(IReadOnlyList<int> tokens);

    /// <summary>Raw UTF-8 bytes of one token, perhaps a part of a character; empty for special tokens and for ids past the vocabulary.</summary>
    ReadOnlySpan<byte> TokenBytes(int token);
}
