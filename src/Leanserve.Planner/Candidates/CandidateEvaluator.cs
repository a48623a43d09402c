using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Evaluates one candidate: fits? in time? with how many replicas? at what cost?</summary>
internal sealed class CandidateEvaluator
{
    private const double HalfADay = 43200;

    private readonly PlanInput input;
    private readonly PlannerConstants constants;
    private readonly EngineProfile profile;
    private readonly PlanWorkspace workspace;
    private readonly ScenarioJudge judge;
    private readonly double percentile;

    private readonly bool brief;

    /// <param name="input">The deployment.</param>
    /// <param name="constants">The constants in force.</param>
    /// <param name="profile">The engine.</param>
    /// <param name="brief">Only what the choice rests on: no percentiles of latency, no capacity.</param>
    public CandidateEvaluator(PlanInput input, PlannerConstants constants, EngineProfile profile, bool brief)
    {
        this.brief = brief;
        this.input = input;
        this.constants = constants;
        this.profile = profile;
        MostConcurrent = Math.Max(1, (int)constants[input.Node.Kind is NodeKind.Gpu ? Constant.MaxConcurrentGpu : Constant.MaxConcurrentCpu]);
        workspace = new PlanWorkspace(MostConcurrent, (int)constants[Constant.MaxQueuedRequests]);
        judge = new ScenarioJudge(input, constants, workspace);
        percentile = input.Objectives.Percentile / 100.0;
    }

    private int MostConcurrent { get; }

    public Candidate Evaluate(CandidateSpec spec)
    {
        var rejection = FitChecks.Demand(input, spec);
        var budget = MemoryModel.Fixed(input, spec, profile, constants);
        if (rejection?.Reason == RejectionReason.NoDocuments)
        {
            return Describe(spec, rejection, budget);
        }

        rejection ??= FitChecks.Model(input, spec, profile);
        rejection ??= FitChecks.Memory(input, spec, profile, budget, constants);
        var fits = FitChecks.Model(input, spec, profile) is null && FitChecks.Memory(input, spec, profile, budget, constants) is null;
        var limits = fits ? MemoryModel.Limits(input, spec, profile, budget, constants, MostConcurrent) : null;
        return limits is null ? Describe(spec, rejection!, budget) : Serve(spec, rejection, budget, limits);
    }

    private Candidate Serve(CandidateSpec spec, Rejection? rejection, MemoryBudget budget, EngineLimits limits)
    {
        var work = new CandidateWork(input, spec, profile, limits);
        workspace.Nominal.Fill(work.Cost(1), spec.Shape, limits.MaxConcurrentRequests);
        workspace.Nominal.TrimToPeak();
        limits = MemoryModel.Limits(input, spec, profile, budget, constants, workspace.Nominal.Limit)!;
        work = work with { Limits = limits };
        rejection ??= TooStale(work) ?? TooSlowAlone(work);
        var replicas = FewestReplicas(work, out var share);
        if (share < percentile || Overloaded(replicas))
        {
            rejection ??= Overload(work, replicas, share);
        }

        return Complete(work, rejection, budget, replicas, share);
    }

    private Candidate Complete(CandidateWork work, Rejection? rejection, MemoryBudget budget, int replicas, double share)
    {
        var capacity = brief ? 0 : replicas * CapacityOfOne(work);
        var shares = judge.Judge(work, replicas, share);
        var perReplica = input.Traffic.QueriesPerSecond / replicas;
        workspace.Queue.Solve(workspace.Nominal, perReplica, work.Limits.MaxQueuedRequests);
        // Power follows neither occupancy nor throughput alone: a lone stream keeps the memory busy but not the arithmetic.
        var load = (workspace.Queue.Busy + Math.Min(workspace.Queue.Utilization, 1)) / 2;
        return Describe(work.Spec, rejection, budget) with
        {
            Replicas = replicas,
            Memory = MemoryModel.WithKv(budget, input, work.Spec, profile, work.Limits, constants),
            Limits = work.Limits,
            Latency = brief || Overloaded(replicas) ? null : Latency(work.Spec.Decoding),
            CapacityQps = capacity,
            Oae = OverheadAwareEfficiency.Assess(input, work.Spec, replicas, load, shares, constants),
        };
    }

    private Rejection? TooStale(CandidateWork work)
    {
        var rebuild = work.RebuildSeconds(input, constants);
        return rebuild * input.Knowledge.ChangesPerDay > HalfADay
            ? new(
                RejectionReason.KnowledgeNeverCurrent,
                $"Preparing {Wording.Count(input.Knowledge.Tokens)} document tokens takes {Wording.Time(rebuild)}, and they change {Wording.Digits(input.Knowledge.ChangesPerDay)} "
                + "times a day: more than half of the time would go into it; use RAG, fewer documents or fewer changes.")
            : null;
    }

    private Rejection? TooSlowAlone(CandidateWork work)
    {
        workspace.Queue.Solve(workspace.Nominal, 0, work.Limits.MaxQueuedRequests);
        var whole = workspace.Nominal.SecondsBefore + workspace.Nominal.ResidenceSeconds(1);
        var isSearch = work.Spec.Decoding is DecodingMode.BeamSearch;
        var seen = isSearch ? whole : workspace.Queue.FirstTokenAloneSeconds;
        if (input.Objectives.TimeToFirstToken is { } first && seen > first.TotalSeconds)
        {
            return new(
                RejectionReason.FirstTokenTooSlow,
                isSearch
                    ? $"Beam search shows nothing of an answer before its end, which takes {Wording.Time(whole)} even without other load, the objective for the first token is {Wording.Time(first)}; "
                    + "sample, ask for shorter answers, take a faster node or allow more time."
                    : $"{Wording.Count(work.Spec.Shape.PromptTokens)} prompt tokens take {Wording.Time(seen)} to the first token even without other load, the objective is {Wording.Time(first)}; "
                    + "send fewer tokens, take a faster node or allow more time.");
        }

        return input.Objectives.RequestLatency is { } all && whole > all.TotalSeconds
            ? new(
                RejectionReason.AnswerTooSlow,
                $"An answer of {Wording.Count(input.Traffic.OutputTokens)} tokens takes {Wording.Time(whole)} even without other load, the objective is {Wording.Time(all)}; "
                + "allow more time, ask for shorter answers, use fewer bits or a node with more bandwidth.")
            : null;
    }

    private int FewestReplicas(CandidateWork work, out double share)
    {
        var low = input.Replicas.Min;
        var high = input.Replicas.Max;
        share = NominalShare(work, low);
        if (share >= percentile && !Overloaded(low))
        {
            return low;
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            if (NominalShare(work, middle) >= percentile && !Overloaded(middle))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        share = NominalShare(work, high);
        return high;
    }

    private double NominalShare(CandidateWork work, int replicas) =>
        judge.Share(workspace.Nominal, input.Traffic.QueriesPerSecond / replicas, work.Spec.Shape.PromptTokens, work);

    private bool Overloaded(int replicas) => input.Traffic.QueriesPerSecond / replicas >= workspace.Nominal.FullRate;

    private Rejection Overload(CandidateWork work, int replicas, double share)
    {
        var most = workspace.Nominal.FullRate * replicas;
        if (Overloaded(replicas))
        {
            return new(
                RejectionReason.Saturated,
                $"{Wording.Rate(input.Traffic.QueriesPerSecond)} are past what {Wording.Plural(replicas, "replica")} can carry ({Wording.Digits(most)}); "
                + "raise scaling.maxReplicas, lower the load or take a faster node.");
        }

        var capacity = brief ? 0 : CapacityOfOne(work) * replicas;
        return new(
            RejectionReason.TooFewReplicas,
            $"With {Wording.Plural(replicas, "replica")} {Wording.Percent(share)} of requests meet the objectives, {input.Objectives.Percentile} % must; they hold up to "
            + $"{Wording.Rate(capacity)}; raise scaling.maxReplicas, allow more time or lower the load.");
    }

    private double CapacityOfOne(CandidateWork work)
    {
        var low = 0.0;
        var high = workspace.Nominal.FullRate;
        for (var i = 0; i < 12; i++)
        {
            var middle = (low + high) / 2;
            if (judge.Share(workspace.Nominal, middle, work.Spec.Shape.PromptTokens, work) >= percentile)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private LatencyPrediction Latency(DecodingMode decoding)
    {
        var (median, most) = (TimeSpan.FromSeconds(workspace.Queue.AnswerQuantile(0.5)), TimeSpan.FromSeconds(workspace.Queue.AnswerQuantile(0.95)));
        var isSearch = decoding is DecodingMode.BeamSearch;
        return new LatencyPrediction
        {
            TtftP50 = isSearch ? median : TimeSpan.FromSeconds(workspace.Queue.FirstTokenQuantile(0.5)),
            TtftP95 = isSearch ? most : TimeSpan.FromSeconds(workspace.Queue.FirstTokenQuantile(0.95)),
            Itl = TimeSpan.FromSeconds(workspace.Queue.InterTokenSeconds()),
            E2eP50 = median,
            E2eP95 = most,
            MeanInService = workspace.Queue.MeanInService,
            Utilization = workspace.Queue.Utilization,
        };
    }

    private Candidate Describe(CandidateSpec spec, Rejection? rejection, MemoryBudget budget) => new()
    {
        Technique = spec.Technique,
        Knowledge = spec.Knowledge,
        Decoding = spec.Decoding,
        Precision = spec.Weights.Precision,
        Replicas = input.Replicas.Max,
        Verdict = rejection is null ? CandidateVerdict.Eligible : CandidateVerdict.Rejected,
        Reason = rejection?.Reason ?? nameof(CandidateVerdict.Eligible),
        Message = rejection?.Message ?? "",
        Memory = budget,
        Parts = spec.Parts,
        RetrievedPassages = spec.RetrievedPassages,
        PassageTokens = (int)constants[Constant.PassageTokens],
        PassageOverlapTokens = NativeSpecs.PassageOverlap(constants),
        BeamWidth = spec.BeamWidth,
        DraftTokens = (int)(spec.Shape.Drafts?.Tokens ?? 0),
    };
}
