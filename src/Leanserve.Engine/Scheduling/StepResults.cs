using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>Hands what a step computed to the requests in it: slots to the tree, logits to the draws.</summary>
/// <param name="branches">Where the requests stand on the tree.</param>
/// <param name="slots">The tree's slots.</param>
/// <param name="vocabulary">Logits in a row.</param>
internal sealed class StepResults(BranchSet branches, SlotTable slots, int vocabulary)
{
    /// <summary>One such activation makes all that follow from it not a number, so that one logit tells of all.</summary>
    private const string NotANumber =
        "The model's logits are not numbers: activations exceed what its precision can express. Export the model in bf16, or run it in f32 on the processor.";

    private readonly HashSet<ActiveRequest> _drew = [];

    /// <summary>Tokens drafted by n-gram lookup so far.</summary>
    public long Drafted { get; private set; }

    /// <summary>Of these, tokens that were drawn.</summary>
    public long Accepted { get; private set; }

    /// <summary>Slots are given in the order of the step's rows, before anything is freed or moved; then tokens are drawn.</summary>
    /// <returns>Tokens drawn.</returns>
    public int Take(StepBatch batch, ReadOnlySpan<float> logits)
    {
        foreach (var run in batch.Runs)
        {
            if (run.Branch == run.Request.Prefilling)
            {
                branches.AppendPrompt(run.Branch, run.Count, slots);
            }
            else
            {
                branches.AppendDecoded(run.Branch, batch.TokensOf(run), run.Request.IsScratch);
            }
        }

        int drawn = 0;
        _drew.Clear();
        foreach (var run in batch.Runs.Where(run => run is { Logits: > 0, Request.IsFinished: false }))
        {
            if (float.IsNaN(Row(logits, run.LogitRow)[0]))
            {
                FailAlone(run.Request, new InvalidDataException(NotANumber));
                continue;
            }

            _drew.Add(run.Request);
            if (run.Branch == run.Request.Prefilling)
            {
                run.Request.FinishPrefill(run.Branch, Row(logits, run.LogitRow));
                drawn++;
            }
            else
            {
                drawn += Draw(run, batch.TokensOf(run)[1..], logits);
            }
        }

        foreach (var request in _drew)
        {
            request.EndStep();
        }

        return drawn;
    }

    /// <summary>Ends one request of the step; the others go on.</summary>
    private void FailAlone(ActiveRequest request, Exception reason)
    {
        _drew.Remove(request);
        request.Fail(reason);
        request.Release();
    }

    /// <summary>
    /// Draws from the logits after the pending token, then from those after each drafted token for as long as it is the one drawn: what is drawn is
    /// what would be without drafts.
    /// </summary>
    /// <returns>Tokens drawn.</returns>
    private int Draw(PlannedRun run, ReadOnlySpan<long> draft, ReadOnlySpan<float> logits)
    {
        int accepted = 0;
        while (run.Request.TakeLogits(run.Branch, Row(logits, run.LogitRow + accepted)) && accepted < draft.Length && draft[accepted] == run.Branch.PendingToken)
        {
            accepted++;
        }

        if (draft.Length > 0)
        {
            branches.RemoveLast(run.Branch, draft.Length - accepted);
            run.Request.NoteDraft(run.Branch, draft.Length, accepted);
            Drafted += draft.Length;
            Accepted += accepted;
        }

        return accepted + 1;
    }

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> logits, int row) => logits.Slice(row * vocabulary, vocabulary);
}
