namespace Leanserve.Engine.Grammars;

/// <summary>A set of tokens, one bit each.</summary>
internal sealed class TokenMask(int vocabularySize)
{
    private readonly ulong[] _words = new ulong[(vocabularySize + 63) / 64];

    public int Bytes => _words.Length * sizeof(ulong);

    public bool Contains(int token) => (_words[token >> 6] >> (token & 63) & 1) != 0;

    public void Add(int token) => _words[token >> 6] |= 1UL << (token & 63);

    /// <summary>Takes every token that is not in the set out of the running.</summary>
    public void Apply(Span<float> logits)
    {
        // Some models have more logits than tokens.
        logits[Math.Min(logits.Length, 64 * _words.Length)..].Fill(float.NegativeInfinity);
        for (int word = 0; word < _words.Length; word++)
        {
            ulong allowed = _words[word];
            var part = logits[(word * 64)..Math.Min(logits.Length, (word + 1) * 64)];
            if (allowed == 0)
            {
                part.Fill(float.NegativeInfinity);
                continue;
            }

            for (int bit = 0; allowed != ulong.MaxValue && bit < part.Length; bit++)
            {
                if ((allowed >> bit & 1) == 0)
                {
                    part[bit] = float.NegativeInfinity;
                }
            }
        }
    }
}
