using Leanserve.Engine.Decoding;

namespace Leanserve.Engine.Scheduling;

/// <summary>A request whose answer is searched for: its live hypotheses are branches that share whatever they have in common.</summary>
internal sealed class BeamRun : GenerationRun
{
    private readonly BeamSearchOptions _options;
    private readonly BeamSearch _search;

    /// <summary>Hypothesis of each branch in <see cref="ActiveRequest.Decoding"/>; null before the first token.</summary>
    private readonly List<Hypothesis?> _live = [null];
    private int _length;

    public BeamRun(GenerationRequest request, BeamSearchOptions options, ITokenizer tokenizer, BranchSet branches, TimeProvider time)
        : base(request, tokenizer, branches, time)
    {
        _options = options;
        _search = new BeamSearch(options, request.MaxTokens, StopTokens, Format);
    }

    /// <inheritdoc/>
    public override bool IsScratch => true;

    public override int RemainingTokens => _options.Width * (Request.MaxTokens - _length);

    public override bool TakeLogits(Branch branch, ReadOnlySpan<float> logits)
    {
        double logSumExp = LogProbabilities.LogSumExp(logits);
        int parent = Decoding.IndexOf(branch);
        if (Format is not null)
        {
            // Probabilities stay the model's own; what the format closes is only left out.
            var open = VocabularyScratch.Scores(logits.Length);
            logits.CopyTo(open);
            Format.Restrict(_live[parent]?.State ?? Format.Start, open);
            logits = open;
        }

        _search.Offer(parent, _live[parent], LogProbabilities.Top(logits, _search.CandidatesPerParent, logSumExp));
        return false;
    }

    public override void EndStep()
    {
        var next = _search.Advance();
        _length++;
        if (_search.IsFinished)
        {
            Report();
            Release();
            return;
        }

        Replace(next);
    }

    /// <summary>Branches of parents without children close; a parent's first child takes its branch over, the others fork from it.</summary>
    private void Replace(IReadOnlyList<(int Parent, Hypothesis Hypothesis)> next)
    {
        List<Branch> branches = [];
        HashSet<int> taken = [];
        foreach ((int parent, var hypothesis) in next)
        {
            var branch = Decoding[parent];
            if (taken.Add(parent))
            {
                branch.PendingToken = hypothesis.Token;
                branches.Add(branch);
            }
            else
            {
                branches.Add(BranchSet.Fork(branch, 0, hypothesis.Token));
            }
        }

        for (int parent = 0; parent < Decoding.Count; parent++)
        {
            if (!taken.Contains(parent))
            {
                BranchSet.Close(Decoding[parent]);
            }
        }

        Decoding.Clear();
        Decoding.AddRange(branches);
        _live.Clear();
        _live.AddRange(next.Select(each => each.Hypothesis));
    }

    private void Report()
    {
        var best = _search.Best;
        for (int choice = 0; choice < Math.Min(_options.Return, best.Count); choice++)
        {
            Report(choice, best[choice]);
        }

        Finish(_length);
    }

    private void Report(int choice, Hypothesis hypothesis)
    {
        CompletionTokens += hypothesis.Length;
        var text = new AnswerText(Request.StopStrings);
        foreach (var step in hypothesis.Path())
        {
            if (StopTokens.Contains(step.Token) || text.Stop is not null)
            {
                break;
            }

            float? logProbability = Request.TopLogProbabilities is null ? null : (float)step.LogProbability;
            string added = text.Append(Tokenizer.TokenBytes(step.Token));
            Emit(new TokenGenerated(choice, step.Token, added, logProbability));
        }

        string rest = text.Complete();
        var reason = _search.IsEnd(hypothesis) || text.Stop is not null ? FinishReason.Stop : FinishReason.Length;
        Emit(new ChoiceFinished(choice, reason, rest, text.Stop, hypothesis.Score(_options.LengthPenalty)));
    }
}
