using System.Runtime.InteropServices;
using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>
/// Chooses the tokens of the next step: the pending token of every live branch, what is drafted after it, and up to a chunk of prompt tokens, shared evenly among the prompts
/// that are being computed, so that a long one delays neither answers nor short ones.
/// </summary>
internal sealed class StepPlanner(BranchSet branches, int prefillChunkTokens, int draftTokens)
{
    private readonly StepBatch _batch = new();
    private readonly List<TrieNode> _path = [];
    private readonly HashSet<TrieNode> _claimed = [];
    private readonly HashSet<TrieNode> _ends = [];
    private readonly List<int> _tokens = [];
    private int _turn;

    public StepBatch Plan(IReadOnlyList<ActiveRequest> active)
    {
        _batch.Clear();
        _claimed.Clear();
        int decoding = active.Sum(request => request.Decoding.Count);

        // Rows of a draft cost least where few others are in the step, and are worth most there.
        int drafted = decoding == 0 ? 0 : draftTokens / decoding;
        foreach (var request in active)
        {
            foreach (var branch in request.Decoding)
            {
                _tokens.Clear();
                _tokens.Add(branch.PendingToken);
                request.Draft(branch, drafted, _tokens);
                _batch.Add(request, branch, CollectionsMarshal.AsSpan(_tokens), branch.Path.Count, logits: _tokens.Count);
            }
        }

        _batch.DecodeTokens = _batch.Count;
        PlanPrefill(active);
        return _batch;
    }

    private void PlanPrefill(IReadOnlyList<ActiveRequest> active)
    {
        int waiting = active.Count(request => request is { Prefilling: not null, IsComputed: true });
        int budget = prefillChunkTokens;
        _turn++;
        _ends.Clear();
        foreach (var request in active)
        {
            if (request is { Prefilling: { } branch, TokensToCompute: > 0 })
            {
                _ends.Add(branch.Leaf);
            }
        }

        for (int i = 0; i < active.Count && budget > 0; i++)
        {
            var request = active[(i + _turn) % active.Count];
            if (request is { Prefilling: { } branch, IsComputed: true })
            {
                budget -= PlanPrompt(request, branch, Math.Max(1, budget / waiting--));
            }
        }
    }

    private int PlanPrompt(ActiveRequest request, Branch branch, int share)
    {
        branches.CatchUp(branch);
        TokenTrie.CollectPath(branch.Leaf, _path);
        _tokens.Clear();
        bool reachesEnd = true;
        foreach (var node in _path.Where(node => !node.IsComputed))
        {
            // Another prompt computes this shared part in the same step, or ends with it and wants its logits; what follows must wait for it.
            if (_tokens.Count == share || (node != branch.Leaf && _ends.Contains(node)) || !_claimed.Add(node))
            {
                reachesEnd = false;
                break;
            }

            int count = Math.Min(share - _tokens.Count, node.Tokens.Count - node.Slots.Count);
            _tokens.AddRange(CollectionsMarshal.AsSpan(node.Tokens).Slice(node.Slots.Count, count));
            reachesEnd = node.Slots.Count + count == node.Tokens.Count;
            if (!reachesEnd)
            {
                break;
            }
        }

        if (_tokens.Count > 0)
        {
            _batch.Add(request, branch, CollectionsMarshal.AsSpan(_tokens), branch.Path.Count, logits: reachesEnd ? request.TokensToCompute : 0);
        }

        return _tokens.Count;
    }
}
