using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>Something that holds branches on the tree: a request from its admission to its end, or a preload.</summary>
internal abstract class ActiveRequest(BranchSet branches)
{
    protected BranchSet BranchSet { get; } = branches;

    /// <summary>The whole prompt.</summary>
    public abstract IReadOnlyList<int> PromptTokens { get; }

    /// <summary>Tokens at the prompt's end that are computed even where the tree holds them, since their logits are wanted.</summary>
    public abstract int TokensToCompute { get; }

    /// <summary>Most tokens that may yet be added to the tree beyond the prompt.</summary>
    public abstract int RemainingTokens { get; }

    /// <summary>Branches whose pending token goes into the next step.</summary>
    public List<Branch> Decoding { get; } = [];

    /// <summary>The branch that computes the prompt, until that is done.</summary>
    public Branch? Prefilling { get; private set; }

    public bool IsFinished { get; protected set; }

    /// <summary>Whether the prompt's keys and values come out of the model, rather than being copied in.</summary>
    public virtual bool IsComputed => true;

    /// <summary>Whether tokens drawn are of no use to other requests.</summary>
    public virtual bool IsScratch => false;

    /// <summary>Begins, on a leaf that is referenced for it and holds the prompt's last token.</summary>
    /// <param name="leaf">End of the prompt's path.</param>
    /// <param name="cachedTokens">Prompt tokens that need not be computed for this request.</param>
    public virtual void Start(TrieNode leaf, int cachedTokens) => Prefilling = BranchSet.Open(leaf);

    /// <summary>Logits after a branch's last token.</summary>
    /// <returns>Whether the branch goes on with its pending token; a search decides at the end of the step.</returns>
    public abstract bool TakeLogits(Branch branch, ReadOnlySpan<float> logits);

    /// <summary>Adds up to <paramref name="limit"/> tokens that may follow the branch's pending one, where something tells.</summary>
    public virtual void Draft(Branch branch, int limit, List<int> tokens)
    {
    }

    /// <summary>How many of the branch's drafted tokens were drawn.</summary>
    public virtual void NoteDraft(Branch branch, int drafted, int accepted)
    {
    }

    /// <summary>The prompt's keys and values are complete.</summary>
    public void FinishPrefill(Branch branch, ReadOnlySpan<float> logits)
    {
        Prefilling = null;
        AfterPrefill(branch, logits);
    }

    /// <summary>All logits of a step in which this request took part have been handed over.</summary>
    public virtual void EndStep()
    {
    }

    /// <summary>Lets go of all branches.</summary>
    public void Release()
    {
        if (Prefilling is { } branch)
        {
            BranchSet.Close(branch);
            Prefilling = null;
        }

        Decoding.ForEach(BranchSet.Close);
        Decoding.Clear();
    }

    /// <summary>Ends the request because of a fault, or because it was cancelled.</summary>
    public abstract void Fail(Exception exception);

    protected abstract void AfterPrefill(Branch branch, ReadOnlySpan<float> logits);
}
