using Leanserve.Engine.Grammars;

namespace Leanserve.Engine;

/// <summary>What answers must look like, as tokens: at each step only those are drawn that can still lead to a whole document. See <see cref="OutputFormats"/>.</summary>
public sealed class OutputFormat
{
    // Masks are kept for answers to come: a thousand of them for a vocabulary of 256,000.
    private const int MaxMaskBytes = 32 << 20;

    private readonly SpelledVocabulary _vocabulary;
    private readonly GrammarAutomaton _automaton;
    private readonly List<GrammarState> _masked = [];
    private int _maskBytes;

    internal OutputFormat(SpelledVocabulary vocabulary, GrammarRule start)
    {
        _vocabulary = vocabulary;
        _automaton = new GrammarAutomaton(start);
    }

    internal GrammarState Start => _automaton.Start;

    /// <summary>Closes all tokens but those that may come next; end tokens where the document may end.</summary>
    internal void Restrict(GrammarState state, Span<float> logits, IReadOnlySet<int> endTokens)
    {
        Span<float> ends = stackalloc float[16];
        int kept = 0;
        if (state.IsComplete)
        {
            foreach (int token in endTokens.Take(ends.Length))
            {
                ends[kept++] = logits[token];
            }
        }

        MaskOf(state).Apply(logits);
        foreach (int token in endTokens.Take(kept).Reverse())
        {
            logits[token] = ends[--kept];
        }
    }

    /// <summary>Where a token leads that <see cref="Restrict"/> left open.</summary>
    internal GrammarState Read(GrammarState state, ReadOnlySpan<byte> token)
    {
        foreach (byte value in token)
        {
            state = _automaton.Read(state, value) ?? throw new InvalidOperationException("A token was drawn that the format does not allow.");
        }

        return state;
    }

    private TokenMask MaskOf(GrammarState state)
    {
        if (state.Mask is { } known)
        {
            return known;
        }

        if (_maskBytes > MaxMaskBytes)
        {
            _masked.ForEach(masked => masked.Mask = null);
            _masked.Clear();
            _maskBytes = 0;
        }

        var mask = _vocabulary.Follow(_automaton, state);
        _masked.Add(state);
        _maskBytes += mask.Bytes;
        return state.Mask = mask;
    }
}
