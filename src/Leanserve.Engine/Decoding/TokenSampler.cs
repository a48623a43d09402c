using System.Numerics.Tensors;
using Leanserve.Engine.Grammars;

namespace Leanserve.Engine.Decoding;

/// <summary>
/// Draws tokens of one choice: penalties, logit bias, format, temperature, top-k, top-p, min-p, in this order, then Gumbel-max. The draw at a position depends
/// on the seed, the choice, the position and the logits only.
/// </summary>
internal sealed class TokenSampler
{
    private readonly SamplingOptions _options;
    private readonly ulong _seed;
    private readonly int _choice;
    private readonly HashSet<int> _seen;
    private readonly Dictionary<int, int> _drawn = [];

    public TokenSampler(SamplingOptions options, IReadOnlyList<int> prompt, ulong seed, int choice)
    {
        _options = options;
        _seed = seed;
        _choice = choice;
        _seen = options.RepetitionPenalty == 1 ? [] : [.. prompt];
    }

    private bool ChangesLogits => _options.RepetitionPenalty != 1
        || _options.PresencePenalty != 0
        || _options.FrequencyPenalty != 0
        || _options.LogitBias is { Count: > 0 };

    /// <summary>The next token.</summary>
    /// <param name="logits">[vocabulary], as the model gave them.</param>
    /// <param name="position">Index of the token within the answer, from 0.</param>
    /// <param name="format">The answer's format, or null.</param>
    /// <param name="state">Where the answer stands in its format.</param>
    public int Draw(ReadOnlySpan<float> logits, int position, FormatReader? format = null, GrammarState? state = null)
    {
        var scores = VocabularyScratch.Scores(logits.Length);
        if (ChangesLogits || state is not null)
        {
            logits.CopyTo(scores);
            Penalize(scores);
            format?.Restrict(state!, scores);
            logits = scores;
        }

        int token = _options.Temperature == 0 ? TensorPrimitives.IndexOfMax(logits) : Sample(logits, scores, position);
        if (ChangesLogits)
        {
            _seen.Add(token);
            _drawn[token] = _drawn.GetValueOrDefault(token) + 1;
        }

        return token;
    }

    private void Penalize(Span<float> logits)
    {
        if (_options.RepetitionPenalty != 1)
        {
            foreach (int token in _seen)
            {
                logits[token] = logits[token] > 0 ? logits[token] / _options.RepetitionPenalty : logits[token] * _options.RepetitionPenalty;
            }
        }

        foreach ((int token, int count) in _drawn)
        {
            logits[token] -= _options.PresencePenalty + (count * _options.FrequencyPenalty);
        }

        foreach ((int token, float bias) in _options.LogitBias ?? new Dictionary<int, float>())
        {
            logits[token] += bias;
        }
    }

    private int Sample(ReadOnlySpan<float> logits, Span<float> scores, int position)
    {
        uint key = GumbelNoise.Key(_seed, _choice, position);
        TensorPrimitives.Divide(logits, _options.Temperature, scores);
        if (_options is { TopK: <= 0, TopP: >= 1, MinP: <= 0 })
        {
            return DrawFromAll(scores, key);
        }

        return DrawFromCandidates(Candidates(scores), key);
    }

    private static int DrawFromAll(Span<float> scores, uint key)
    {
        var noise = VocabularyScratch.Noise(scores.Length);
        GumbelNoise.Fill(key, noise);
        TensorPrimitives.Add(scores, noise, scores);
        return TensorPrimitives.IndexOfMax<float>(scores);
    }

    private static int DrawFromCandidates(ReadOnlySpan<TokenLogProbability> candidates, uint key)
    {
        (int best, float bestScore) = (candidates[0].Token, float.NegativeInfinity);
        foreach (var candidate in candidates)
        {
            float score = candidate.LogProbability + GumbelNoise.At(key, candidate.Token);
            if (score > bestScore)
            {
                (best, bestScore) = (candidate.Token, score);
            }
        }

        return best;
    }

    /// <summary>What the filters leave, best first, with scaled logits.</summary>
    private ReadOnlySpan<TokenLogProbability> Candidates(ReadOnlySpan<float> scores)
    {
        float max = TensorPrimitives.Max(scores);
        TokenLogProbability[] best;
        if (_options.TopK > 0)
        {
            best = TopTokens.Select(scores, _options.TopK);
        }
        else
        {
            best = Above(scores, Floor(scores, max));
        }

        int count = _options.TopP < 1 ? CountForTopP(best, max, TotalOf(scores, best, max)) : best.Length;
        if (_options.MinP > 0)
        {
            float least = max + MathF.Log(_options.MinP);
            while (count > 1 && best[count - 1].LogProbability < least)
            {
                count--;
            }
        }

        return best.AsSpan(0, count);
    }

    /// <summary>A score below which no token passes the filters.</summary>
    private float Floor(ReadOnlySpan<float> scores, float max)
    {
        float floor = _options.MinP > 0 ? max + MathF.Log(_options.MinP) : float.NegativeInfinity;
        if (_options.TopP < 1)
        {
            // Tokens each less probable than (1 − p) / V sum to less than 1 − p, so that the best ones reach p without them.
            double logTotal = Math.Log(Total(scores, max));
            floor = Math.Max(floor, (float)(max + logTotal + Math.Log((1 - _options.TopP) / scores.Length)));
        }

        return floor;
    }

    private static TokenLogProbability[] Above(ReadOnlySpan<float> scores, float floor)
    {
        List<TokenLogProbability> kept = [];
        for (int token = 0; token < scores.Length; token++)
        {
            if (scores[token] >= floor)
            {
                kept.Add(new TokenLogProbability(token, scores[token]));
            }
        }

        kept.Sort((a, b) => a.LogProbability != b.LogProbability ? b.LogProbability.CompareTo(a.LogProbability) : a.Token.CompareTo(b.Token));
        return [.. kept];
    }

    private int CountForTopP(TokenLogProbability[] best, float max, double total)
    {
        double sum = 0;
        int count = 0;
        while (count < best.Length && sum < _options.TopP * total)
        {
            sum += Math.Exp(best[count++].LogProbability - max);
        }

        return Math.Max(count, 1);
    }

    /// <summary>Top-p is a part of what top-k left over.</summary>
    private double TotalOf(ReadOnlySpan<float> scores, TokenLogProbability[] best, float max) =>
        _options.TopK > 0 ? best.Sum(token => Math.Exp(token.LogProbability - max)) : Total(scores, max);

    private static double Total(ReadOnlySpan<float> scores, float max) => Math.Exp(LogProbabilities.LogSumExp(scores) - max);
}
