using Leanserve.Contracts;
using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>
/// Admits requests and advances all of them step by step: plan, run, append, draw. Not thread-safe; <see cref="InferenceEngine"/> calls it from one
/// thread.
/// </summary>
internal sealed class EngineLoop
{
    private readonly IModelRunner _runner;
    private readonly EngineLimits _limits;
    private readonly TimeProvider _time;
    private readonly TokenTrie _trie;
    private readonly LinkedList<ActiveRequest> _queue = [];
    private readonly List<ActiveRequest> _active = [];
    private readonly PreloadedPrefixes _preloaded;
    private readonly StepPlanner _planner;
    private readonly StepResults _results;
    private EngineStatistics _statistics;

    public EngineLoop(IModelRunner runner, EngineOptions options, TimeProvider time)
    {
        _runner = runner;
        _limits = options.Limits;
        _time = time;
        _trie = new TokenTrie(new SlotTable(runner.Capacity), options.ReusePrefixes);
        Branches = new BranchSet(_trie);
        _preloaded = new PreloadedPrefixes(runner, _trie, Branches);
        _planner = new StepPlanner(Branches, _limits.PrefillChunkTokens, options.DraftTokens);
        _results = new StepResults(Branches, _trie.Slots, runner.Geometry.VocabularySize);
        _statistics = new EngineStatistics { CapacitySlots = runner.Capacity };
    }

    public BranchSet Branches { get; }

    public bool HasWork => _active.Count > 0;

    public EngineStatistics Statistics => Volatile.Read(ref _statistics);

    public void Enqueue(ActiveRequest request)
    {
        _queue.AddLast(request);
        Publish(Statistics);
    }

    /// <summary>Ends a request wherever it stands.</summary>
    public void Cancel(GenerationRun run, Exception reason)
    {
        bool waited = _queue.Remove(run);
        if (waited || _active.Remove(run))
        {
            run.Fail(reason);
            run.Release();
            Publish(Statistics with { CancelledRequests = Statistics.CancelledRequests + 1 });
        }
    }

    /// <summary>Queues a prefix that is pinned when it is computed; it is refused at once where it cannot fit beside what is preloaded, whoever leaves.</summary>
    public void Preload(PreloadRun preload)
    {
        int[] tokens = [.. preload.PromptTokens];
        if (tokens.Length - _trie.Match(tokens).KeptTokens > _runner.Capacity - 1 - _trie.PinnedTokens)
        {
            preload.Fail(new RequestRefusedException(NoRoom(preload)));
        }
        else
        {
            Enqueue(preload);
        }
    }

    public void CancelPreload(PreloadRun preload, CancellationToken cancellationToken)
    {
        if (_queue.Remove(preload) || _active.Remove(preload))
        {
            preload.Fail(new OperationCanceledException(cancellationToken));
            preload.Release();
        }
    }

    public void Pin(PreloadRun preload, TrieNode leaf)
    {
        _preloaded.Pin(preload.Name, leaf);

        // Whoever waits for the preload is told next, and may look.
        Publish(Statistics);
    }

    public void Unload(string name)
    {
        if (_preloaded.Unload(name))
        {
            Publish(Statistics);
        }
    }

    /// <summary>See <see cref="InferenceEngine.ReadPreloadedAsync"/>.</summary>
    public int ReadPreloaded(string name, int first, Span<byte> rows) => _preloaded.Read(name, first, rows);

    /// <summary>Admits in order of arrival, as many as fit.</summary>
    public void Admit()
    {
        while (_queue.First is { Value: var first }
            && (first is PreloadRun || _active.OfType<GenerationRun>().Count() < _limits.MaxConcurrentRequests))
        {
            if (TryStart(first))
            {
                _queue.RemoveFirst();
            }
            else if (_active.Count == 0)
            {
                // It does not fit although nothing runs: the preloaded documents leave too little.
                _queue.RemoveFirst();
                first.Fail(new RequestRefusedException(first is PreloadRun preload ? NoRoom(preload) : DoesNotFit(first)));
            }
            else
            {
                break;
            }
        }
    }

    /// <summary>One forward pass for everything that is active.</summary>
    public void Step()
    {
        long started = _time.GetTimestamp();
        foreach (var preload in _active.OfType<PreloadRun>())
        {
            _preloaded.Restore(preload, _limits.PrefillChunkTokens);
        }

        var batch = _planner.Plan(_active);
        ReadOnlySpan<float> logits = [];
        var modelTime = TimeSpan.Zero;
        if (batch.Count > 0)
        {
            _trie.MakeRoom(batch.Count);
            _trie.Slots.Flush(_runner);
            var step = batch.Build(_trie.Slots.Active);
            long before = _time.GetTimestamp();
            logits = _runner.Run(step);
            modelTime = _time.GetElapsedTime(before);
        }

        int slots = _trie.Slots.Active + batch.Count;
        int drawn = _results.Take(batch, logits);
        int finished = RemoveFinished();
        Publish(Statistics with
        {
            Steps = Statistics.Steps + 1,
            PeakSlots = Math.Max(Statistics.PeakSlots, slots),
            PrefilledTokens = Statistics.PrefilledTokens + batch.Count - batch.DecodeTokens,
            GeneratedTokens = Statistics.GeneratedTokens + drawn,
            FinishedRequests = Statistics.FinishedRequests + finished,
            ModelTime = Statistics.ModelTime + modelTime,
            OverheadTime = Statistics.OverheadTime + _time.GetElapsedTime(started) - modelTime,
        });
    }

    /// <summary>Ends everything; after a fault in the model, or at the end.</summary>
    public void FailAll(Exception exception, bool queuedToo)
    {
        foreach (var request in _active)
        {
            request.Fail(exception);
            request.Release();
        }

        _active.Clear();
        if (queuedToo)
        {
            foreach (var request in _queue)
            {
                request.Fail(exception);
            }

            _queue.Clear();
        }

        Publish(Statistics);
    }

    public void CountRejected() => Publish(Statistics with { RejectedRequests = Statistics.RejectedRequests + 1 });

    private int RemoveFinished()
    {
        foreach (var preload in _active.OfType<PreloadRun>())
        {
            if (preload.Prefilling is { Leaf: var leaf } branch && Branches.IsComputed(leaf))
            {
                preload.FinishPrefill(branch, []);
            }
        }

        int finished = _active.Count(request => request is GenerationRun { IsFinished: true });
        _active.RemoveAll(request => request.IsFinished);
        return finished;
    }

    private bool TryStart(ActiveRequest request)
    {
        // Bringing parked slots back moves them one by one through a free one.
        _trie.EnsureFree(1);
        var tokens = request.PromptTokens as int[] ?? [.. request.PromptTokens];
        var match = _trie.Match(tokens.AsSpan(0, tokens.Length - request.TokensToCompute));
        int needed = tokens.Length - match.KeptTokens + request.RemainingTokens;
        if (Committed() + needed > _runner.Capacity - 1)
        {
            return false;
        }

        var leaf = _trie.Insert(match, tokens.AsSpan(match.Tokens));
        request.Start(leaf, match.Tokens);
        _active.Add(request);
        Publish(Statistics with { ReusedTokens = Statistics.ReusedTokens + match.Tokens });
        return true;
    }

    /// <summary>Slots that are taken, or promised to running requests.</summary>
    private int Committed() => _trie.ReferencedTokens + _trie.IdlePinnedTokens + _active.Sum(request => request.RemainingTokens);

    private string NoRoom(PreloadRun preload) =>
        $"The documents '{preload.Name}' take {preload.PromptTokens.Count} tokens, but only {_runner.Capacity - 1 - _trie.PinnedTokens} of {_runner.Capacity} "
        + "KV slots are free for them; use fewer documents, raise kvSlots, or retrieve passages instead of caching all.";

    private string DoesNotFit(ActiveRequest run) =>
        $"The prompt of {run.PromptTokens.Count} tokens and up to {run.RemainingTokens} new ones do not fit into the {_runner.Capacity} KV slots, of which "
        + $"preloaded documents hold {_trie.PinnedTokens}; shorten the prompt, lower max_tokens, or raise kvSlots.";

    private void Publish(EngineStatistics statistics) => Volatile.Write(ref _statistics, statistics with
    {
        QueuedRequests = _queue.Count(request => request is GenerationRun),
        RunningRequests = _active.Count(request => request is GenerationRun),
        ActiveSlots = _trie.NeededSlots,
        PreloadedSlots = _trie.PinnedTokens,
        CachedSlots = _trie.CachedSlots,
        EvictedSlots = _trie.EvictedSlots,
        DraftedTokens = _results.Drafted,
        AcceptedTokens = _results.Accepted,
    });
}
