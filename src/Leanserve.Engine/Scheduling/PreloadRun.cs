using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>Computes a prefix once and pins it.</summary>
internal sealed class PreloadRun(string name, IReadOnlyList<int> tokens, BranchSet branches, Action<PreloadRun, TrieNode> pin, SlotRows? rows)
    : ActiveRequest(branches)
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    /// <summary>Where the keys and values come from; null where they are computed.</summary>
    public SlotRows? Rows => rows;

    public override bool IsComputed => rows is null;

    public Task Completion => _completion.Task;

    public override IReadOnlyList<int> PromptTokens => tokens;

    public override int TokensToCompute => 0;

    public override int RemainingTokens => 0;

    public override bool TakeLogits(Branch branch, ReadOnlySpan<float> logits) => throw new InvalidOperationException("A preload draws no tokens.");

    public override void Fail(Exception exception)
    {
        IsFinished = true;
        if (exception is OperationCanceledException)
        {
            _completion.TrySetCanceled();
        }
        else
        {
            _completion.TrySetException(exception);
        }
    }

    protected override void AfterPrefill(Branch branch, ReadOnlySpan<float> logits)
    {
        pin(this, branch.Leaf);
        BranchSet.Close(branch);
        IsFinished = true;
        _completion.TrySetResult();
    }
}
