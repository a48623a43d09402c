using Leanserve.Engine.Decoding;
using Leanserve.Engine.Grammars;

namespace Leanserve.Engine.Scheduling;

/// <summary>A request whose choices are sampled, each on a branch of its own from the prompt on.</summary>
internal sealed class SamplingRun : GenerationRun
{
    private readonly Answer[] _answers;
    private int _open;

    public SamplingRun(GenerationRequest request, ITokenizer tokenizer, BranchSet branches, TimeProvider time)
        : base(request, tokenizer, branches, time)
    {
        ulong seed = request.Sampling.Seed ?? (ulong)Random.Shared.NextInt64();
        _answers = [.. Enumerable.Range(0, request.Choices).Select(choice => new Answer(request, seed, choice) { State = Format?.Start })];
        _open = request.Choices;
    }

    public override int RemainingTokens => _answers.Where(answer => !answer.IsFinished).Sum(answer => Request.MaxTokens - answer.Tokens);

    public override bool TakeLogits(Branch branch, ReadOnlySpan<float> logits)
    {
        Draw(branch, logits);
        return !_answers[branch.Choice].IsFinished;
    }

    public override void Draft(Branch branch, int limit, List<int> tokens)
    {
        var answer = _answers[branch.Choice];

        // The token after the draft is drawn as well.
        limit = Math.Min(limit, Request.MaxTokens - answer.Tokens - 1);
        if (limit > 0)
        {
            answer.Drafter.Draft(limit, tokens);
        }
    }

    public override void NoteDraft(Branch branch, int drafted, int accepted) => _answers[branch.Choice].Drafter.Note(drafted, accepted);

    protected override void AfterPrefill(Branch branch, ReadOnlySpan<float> logits)
    {
        base.AfterPrefill(branch, logits);
        for (int choice = 1; choice < _answers.Length; choice++)
        {
            var fork = BranchSet.Fork(branch, choice, branch.PendingToken);
            Decoding.Add(fork);
            Draw(fork, logits);
        }
    }

    public override void EndStep() => CloseFinished();

    private void Draw(Branch branch, ReadOnlySpan<float> logits)
    {
        var answer = _answers[branch.Choice];
        int token = answer.Sampler.Draw(logits, answer.Tokens++, Format, answer.State);
        CompletionTokens++;
        branch.PendingToken = token;
        answer.Drafter.Append(token);
        if (StopTokens.Contains(token))
        {
            Close(branch.Choice, FinishReason.Stop);
            return;
        }

        answer.State = answer.State is { } state ? Format!.Read(state, token) : null;
        string text = answer.Text.Append(Tokenizer.TokenBytes(token));
        (float? own, var top) = LogProbabilitiesOf(logits, token);
        Emit(new TokenGenerated(branch.Choice, token, text, own, top));
        if (answer.Text.Stop is not null || answer.State is { IsFinal: true })
        {
            Close(branch.Choice, FinishReason.Stop);
        }
        else if (answer.Tokens == Request.MaxTokens)
        {
            Close(branch.Choice, FinishReason.Length);
        }
    }

    private (float? Own, IReadOnlyList<TokenLogProbability>? Top) LogProbabilitiesOf(ReadOnlySpan<float> logits, int token)
    {
        if (Request.TopLogProbabilities is not { } count)
        {
            return (null, null);
        }

        double logSumExp = LogProbabilities.LogSumExp(logits);
        return ((float)(logits[token] - logSumExp), LogProbabilities.Top(logits, count, logSumExp));
    }

    private void Close(int choice, FinishReason reason)
    {
        var answer = _answers[choice];
        answer.IsFinished = true;
        string rest = answer.Text.Complete();

        // What was held back may have completed a stop string with its last, replaced character.
        reason = answer.Text.Stop is null ? reason : FinishReason.Stop;
        Emit(new ChoiceFinished(choice, reason, rest, answer.Text.Stop));
        if (--_open == 0)
        {
            Finish(_answers.Max(each => each.Tokens));
        }
    }

    /// <summary>Branches close after the step's last draw, since forks still copy from the first.</summary>
    private void CloseFinished()
    {
        for (int i = Decoding.Count - 1; i >= 0; i--)
        {
            if (_answers[Decoding[i].Choice].IsFinished)
            {
                BranchSet.Close(Decoding[i]);
                Decoding.RemoveAt(i);
            }
        }
    }

    private sealed class Answer(GenerationRequest request, ulong seed, int choice)
    {
        public TokenSampler Sampler { get; } = new(request.Sampling, request.PromptTokens, seed, choice);

        public NGramDrafter Drafter { get; } = new(request.PromptTokens);

        public AnswerText Text { get; } = new(request.StopStrings);

        public int Tokens { get; set; }

        /// <summary>Where the answer stands in its format, where it has one.</summary>
        public GrammarState? State { get; set; }

        public bool IsFinished { get; set; }
    }
}
