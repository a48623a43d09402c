using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Evaluates one candidate: fits? in time? with how many replicas? at what cost?</summary>
internal sealed class CandidateEvaluator
{
    private readonly PlanInput input;
    private readonly PlannerConstants constants;
    private readonly EngineProfile profile;
    private readonly PlanWorkspace workspace;
    private readonly ScenarioJudge judge;
    private readonly ReplicaSearch search;
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
        MostConcurrent = (int)constants[input.Node.Kind is NodeKind.Gpu ? Constant.MaxConcurrentGpu : Constant.MaxConcurrentCpu];
        workspace = new PlanWorkspace(MostConcurrent, (int)constants[Constant.MaxQueuedRequests]);
        judge = new ScenarioJudge(input, constants, workspace);
        search = new ReplicaSearch(input, constants, workspace, judge);
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

        var unfit = FitChecks.Model(input, spec, profile, constants) ?? FitChecks.Memory(input, spec, profile, budget, constants);
        rejection ??= unfit;
        var limits = unfit is null ? MemoryModel.Limits(input, spec, profile, budget, constants, MostConcurrent) : null;
        return limits is null ? Describe(spec, rejection!, budget) : Serve(spec, rejection, budget, limits);
    }

    private Candidate Serve(CandidateSpec spec, Rejection? rejection, MemoryBudget budget, EngineLimits limits)
    {
        var work = new CandidateWork(input, spec, profile, limits);
        var curve = workspace.Nominal;
        curve.Fill(work.Cost(1), spec.Shape, limits.MaxConcurrentRequests);
        curve.TrimToPeak();
        work = work with { Limits = MemoryModel.Limits(input, spec, profile, budget, constants, curve.Limit)! };
        rejection ??= ServiceChecks.Changes(input, spec, profile, constants, work.RebuildSeconds(input, constants));
        rejection ??= ServiceChecks.LoneRequest(input, spec, profile, curve.SecondsBefore + curve.PrefillSeconds(1), curve.SecondsBefore + curve.ResidenceSeconds(1));
        var (replicas, share, holds) = search.Fewest(work);
        var capacity = brief ? 0 : replicas * search.CapacityOfOne(work);
        rejection ??= holds ? null
            : search.IsSaturated(replicas) ? ServiceChecks.Saturated(input, replicas, replicas * search.MostPerReplica)
            : ServiceChecks.TooFewReplicas(input, replicas, share, capacity);
        var shares = judge.Judge(work, replicas, share);
        workspace.Queue.Solve(workspace.Nominal, input.Traffic.QueriesPerSecond / replicas, work.Limits.MaxQueuedRequests);
        // Power follows neither occupancy nor throughput alone: a lone stream keeps the memory busy but not the arithmetic.
        var load = (workspace.Queue.Busy + Math.Min(workspace.Queue.Utilization, 1)) / 2;
        return Describe(spec, rejection, budget) with
        {
            Replicas = replicas,
            CapacityQps = capacity,
            Memory = MemoryModel.WithKv(budget, input, spec, profile, work.Limits, constants),
            Limits = work.Limits,
            Latency = brief || search.IsSaturated(replicas) ? null : Latency(spec.Decoding),
            Oae = OverheadAwareEfficiency.Assess(input, spec, replicas, load, shares, constants),
        };
    }

    private LatencyPrediction Latency(DecodingMode decoding)
    {
        var queue = workspace.Queue;
        var isSearch = decoding is DecodingMode.BeamSearch;
        var answer = queue.AnswerQuantile(0.5);
        var answer95 = queue.AnswerQuantile(0.95, answer);
        var firstToken = isSearch ? answer : queue.FirstTokenQuantile(0.5);
        return new LatencyPrediction
        {
            TtftP50 = TimeSpan.FromSeconds(firstToken),
            TtftP95 = TimeSpan.FromSeconds(isSearch ? answer95 : queue.FirstTokenQuantile(0.95, firstToken)),
            Itl = TimeSpan.FromSeconds(queue.InterTokenSeconds()),
            E2eP50 = TimeSpan.FromSeconds(answer),
            E2eP95 = TimeSpan.FromSeconds(answer95),
            MeanInService = queue.MeanInService,
            Utilization = queue.Utilization,
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
