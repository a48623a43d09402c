using Leanserve.Engine.Grammars;

namespace Leanserve.Engine.Decoding;

/// <summary>
/// Decides which hypotheses live, die and are complete (arXiv 2502.00085, section 3). Each step takes the best continuations of all live hypotheses in
/// order: an end token completes one, any other keeps one alive, until there are as many as the width.
/// </summary>
internal sealed class BeamSearch(BeamSearchOptions options, int maxTokens, IReadOnlySet<int> endTokens, FormatReader? format = null)
{
    private readonly List<Hypothesis> _complete = [];
    private readonly List<(int Parent, Hypothesis Hypothesis)> _candidates = [];

    /// <summary>Best tokens that matter of one parent: enough for the width, should all end tokens be among them.</summary>
    public int CandidatesPerParent => options.Width + endTokens.Count;

    public bool IsFinished { get; private set; }

    /// <summary>Complete hypotheses, best first.</summary>
    public IReadOnlyList<Hypothesis> Best => [.. _complete.OrderByDescending(hypothesis => hypothesis.Score(options.LengthPenalty))];

    /// <summary>Whether a hypothesis is complete: by an end token, or because its format lets it go no further.</summary>
    public bool IsEnd(Hypothesis hypothesis) => endTokens.Contains(hypothesis.Token) || hypothesis.State is { IsFinal: true };

    /// <summary>Offers the best tokens after a live hypothesis.</summary>
    /// <param name="parent">Index of the live hypothesis.</param>
    /// <param name="hypothesis">The hypothesis; null before the first token.</param>
    /// <param name="tokens">Best first, with log-probabilities.</param>
    public void Offer(int parent, Hypothesis? hypothesis, ReadOnlySpan<TokenLogProbability> tokens)
    {
        foreach (var token in tokens)
        {
            if (float.IsNegativeInfinity(token.LogProbability))
            {
                // The format closes this token and all worse ones.
                break;
            }

            double sum = (hypothesis?.Sum ?? 0) + token.LogProbability;
            var state = format?.Read(hypothesis?.State ?? format.Start, token.Token);
            _candidates.Add((parent, new Hypothesis(hypothesis, token.Token, token.LogProbability, sum, (hypothesis?.Length ?? 0) + 1, state)));
        }
    }

    /// <summary>Takes the best of what was offered; returns those that live on, best first, each with its parent's index.</summary>
    public IReadOnlyList<(int Parent, Hypothesis Hypothesis)> Advance()
    {
        List<(int Parent, Hypothesis Hypothesis)> live = [];
        foreach (var candidate in _candidates.OrderByDescending(each => each.Hypothesis.Sum))
        {
            if (live.Count == options.Width)
            {
                break;
            }

            if (IsEnd(candidate.Hypothesis))
            {
                _complete.Add(candidate.Hypothesis);
            }
            else
            {
                live.Add(candidate);
            }
        }

        _candidates.Clear();
        if (live.Count == 0 || live[0].Hypothesis.Length == maxTokens)
        {
            _complete.AddRange(live.Select(each => each.Hypothesis));
            IsFinished = true;
        }
        else if (_complete.Count >= options.Width)
        {
            IsFinished = options.EarlyStopping || !CanStillWin(live[0].Hypothesis);
        }

        return IsFinished ? [] : live;
    }

    /// <summary>Whether the best live hypothesis could still enter the best complete ones, were all its further tokens certain.</summary>
    private bool CanStillWin(Hypothesis live)
    {
        // Further length helps a negative sum under a positive penalty, and hurts it under a negative one.
        int length = options.LengthPenalty > 0 ? maxTokens : live.Length + 1;
        double attainable = live.Sum / Math.Pow(length, options.LengthPenalty);
        double threshold = _complete.Select(each => each.Score(options.LengthPenalty)).OrderDescending().ElementAt(options.Width - 1);
        return attainable > threshold;
    }
}
