namespace Leanserve.Engine.Grammars;

/// <summary>
/// All tokens that have bytes, in the order of their bytes, each with how many it shares with the one before: a byte trie, laid out flat, that is
/// walked from start to end and in which whole branches are passed over.
/// </summary>
internal sealed class SpelledVocabulary
{
    private readonly int[] _tokens;
    private readonly byte[][] _bytes;

    /// <summary>[n + 1] bytes that a token shares with the one before it; 0 past the end.</summary>
    private readonly int[] _shared;

    public SpelledVocabulary(ITokenizer tokenizer)
    {
        Size = tokenizer.VocabularySize;
        _tokens = [.. Enumerable.Range(0, Size).Where(token => tokenizer.TokenBytes(token).Length > 0)];
        _bytes = Array.ConvertAll(_tokens, token => tokenizer.TokenBytes(token).ToArray());
        Array.Sort(_bytes, _tokens, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        _shared = new int[_tokens.Length + 1];
        for (int i = 1; i < _tokens.Length; i++)
        {
            _shared[i] = _bytes[i - 1].AsSpan().CommonPrefixLength(_bytes[i]);
        }

        foreach (byte[] single in _bytes.Where(bytes => bytes.Length == 1))
        {
            Alphabet |= ByteSet.Of(single[0]);
        }
    }

    /// <summary>Ids run from 0 to this number, exclusive.</summary>
    public int Size { get; }

    /// <summary>Bytes that are tokens of their own, so that whatever consists of them can be written to its end.</summary>
    public ByteSet Alphabet { get; }

    /// <summary>The tokens that can be read from a state on.</summary>
    public TokenMask Follow(GrammarAutomaton automaton, GrammarState state)
    {
        var mask = new TokenMask(Size);
        List<GrammarState> states = [state];
        int at = 0;
        while (at < _tokens.Length)
        {
            states.RemoveRange(_shared[at] + 1, states.Count - _shared[at] - 1);
            int read = Read(automaton, _bytes[at], states);
            if (read == _bytes[at].Length)
            {
                mask.Add(_tokens[at++]);
                continue;
            }

            // Tokens that share the refused byte are refused with it.
            while (_shared[++at] > read)
            {
            }
        }

        return mask;
    }

    /// <summary>Reads on from the deepest state known; returns how many bytes of the token could be read in all.</summary>
    private static int Read(GrammarAutomaton automaton, byte[] bytes, List<GrammarState> states)
    {
        while (states.Count <= bytes.Length)
        {
            if (automaton.Read(states[^1], bytes[states.Count - 1]) is not { } next)
            {
                return states.Count - 1;
            }

            states.Add(next);
        }

        return bytes.Length;
    }
}
