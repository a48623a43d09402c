using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Simulation;

/// <summary>A deployment's candidates under simulated load: the latencies that clients would see, and what the choice would have been worth.</summary>
public sealed class SimulatedPlan
{
    private const double BurstShare = 0.5;
    private const double AnswersInBurst = 200;
    private const int FurtherStreams = 8;
    private const int SeedStride = 1_000_003;

    private readonly DeploymentPlan plan;
    private readonly PlanInput input;
    private readonly PlannerConstants constants;
    private readonly EngineProfile profile;
    private readonly Dictionary<string, CandidateSpec> specs;
    private readonly int requests;
    private readonly int seed;

    /// <param name="plan">The planner's word.</param>
    /// <param name="requests">Requests of each simulation, after a tenth as many that are not counted.</param>
    /// <param name="seed">Of all random numbers: candidates are compared under the same arrivals.</param>
    public SimulatedPlan(DeploymentPlan plan, int requests, int seed)
    {
        ArgumentNullException.ThrowIfNull(plan);
        this.plan = plan;
        this.requests = requests;
        this.seed = seed;
        input = plan.Input;
        constants = PlannerConstants.Default.With(input.Assumptions);
        profile = DeploymentPlanner.ProfileOf(input);
        specs = NativeSpecs.All(input, constants).ToDictionary(spec => $"{spec.Knowledge}/{spec.Decoding}/{spec.Weights.Precision}");
    }

    /// <summary>Latencies of one of the plan's native candidates under the stated load.</summary>
    public SimulatedLatencies Nominal(Candidate candidate) => Run(Work(candidate), 1, Rate(candidate), Usual);

    /// <summary>Latencies of one of them under given arrivals.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="arrivals">When requests reach one replica, in seconds.</param>
    /// <param name="warmUp">The first so many are left out of the figures.</param>
    public SimulatedLatencies Under(Candidate candidate, IEnumerable<double> arrivals, int warmUp) =>
        Run(Work(candidate), 1, arrivals, warmUp, Usual);

    /// <summary>How far the chosen candidate's predicted percentiles are off.</summary>
    public LatencyErrors Errors()
    {
        var predicted = plan.Selected!.Latency!;
        var seen = Nominal(plan.Selected);
        // A search shows its first token with the last.
        Func<double, double> firstSeen = plan.Selected.Decoding is DecodingMode.BeamSearch ? seen.AnswerQuantile : seen.FirstTokenQuantile;
        return new LatencyErrors(
            (predicted.TtftP50.TotalSeconds / firstSeen(0.5)) - 1,
            (predicted.TtftP95.TotalSeconds / firstSeen(0.95)) - 1,
            (predicted.E2eP50.TotalSeconds / seen.AnswerQuantile(0.5)) - 1,
            (predicted.E2eP95.TotalSeconds / seen.AnswerQuantile(0.95)) - 1);
    }

    /// <summary>
    /// What the choice loses against the best candidate, both with simulated shares of good requests. The others are all that only queueing keeps apart, where
    /// the simulation finds that they meet the objectives with the replicas stated. Where one of them scores more, both are valued anew under other streams of
    /// arrivals: at the edge of capacity shares differ from 0.01 to 0.7 between streams, and the best of several candidates under one stream owes some to luck.
    /// </summary>
    public ChoiceRegret Regret()
    {
        var selected = plan.Selected!;
        var chosen = Shares(selected);
        var (best, bestShares) = (selected, chosen);
        foreach (var rival in plan.Candidates.Where(candidate => IsRival(candidate, selected)))
        {
            // A share is 1 at most: what cannot win even so need not be simulated.
            if (ChoiceRegret.Worth(rival, 1) > ChoiceRegret.Worth(best, bestShares.Mean)
                && InTime(rival, Nominal(rival)) * 100 >= input.Objectives.Percentile
                && Shares(rival) is var shares && ChoiceRegret.Worth(rival, shares.Mean) > ChoiceRegret.Worth(best, bestShares.Mean))
            {
                (best, bestShares) = (rival, shares);
            }
        }

        return best == selected ? new ChoiceRegret(plan, chosen, selected, chosen) : new ChoiceRegret(plan, UnderOthers(selected), best, UnderOthers(best));
    }

    private ScenarioShares UnderOthers(Candidate candidate)
    {
        var shares = Enumerable.Range(1, FurtherStreams).Select(stream => new SimulatedPlan(plan, requests, seed + (stream * SeedStride)).Shares(candidate)).ToList();
        return new ScenarioShares(
            shares.Average(share => share.Nominal),
            shares.Average(share => share.Burst),
            shares.Average(share => share.NoisyInput),
            shares.Average(share => share.CommodityHardware),
            shares.Average(share => share.KnowledgeChange));
    }

    /// <summary>Share of good requests in the five scenarios of robustness.</summary>
    private ScenarioShares Shares(Candidate candidate)
    {
        var work = Work(candidate);
        var rate = Rate(candidate);
        double Share(double speed, double arrivals, Func<CandidateWork, Random, double> prompt) => InTime(candidate, Run(work, speed, arrivals, prompt));
        var nominal = Share(1, rate, Usual);
        var rebuild = Math.Min(work.RebuildSeconds(input, constants) / constants[Constant.RebuildWindowSeconds], 1);
        return new ScenarioShares(
            nominal,
            input.Traffic.BurstFactor <= 1 ? nominal : Share(1, rate * input.Traffic.BurstFactor, Usual),
            Share(1, rate, Noisy),
            Share(constants[Constant.CommodityFactor], rate, Usual),
            rebuild <= 0 ? nominal : ((1 - rebuild) * nominal) + (rebuild * Share(constants[Constant.RebuildSpeedShare], rate, Usual)));
    }

    /// <summary>
    /// Share of good requests among those that arrive in bursts: of a Markov-modulated process of the stated mean rate and burst factor, whose bursts last many answers.
    /// </summary>
    public double ShareInBursts(Candidate candidate)
    {
        var work = Work(candidate);
        var factor = input.Traffic.BurstFactor;
        var arrivals = Arrivals.Bursty(Rate(candidate), factor, BurstShare / factor, AnswersInBurst * candidate.Latency!.E2eP50.TotalSeconds, seed).Take(requests).ToList();
        var shape = work.Spec.Shape;
        var replica = new SimulatedReplica(work.Cost(1), shape, work.Limits.MaxConcurrentRequests, work.Limits.MaxQueuedRequests);
        var seen = EngineSimulator.Run(replica, arrivals.Select(arrival => new SimulatedRequest(arrival.Seconds, shape.PromptTokens, shape.OutputTokens)));
        return InTime(candidate, seen.Of(index => arrivals[index].InBurst));
    }

    private double InTime(Candidate candidate, SimulatedLatencies seen)
    {
        var (firstToken, answer) = input.Objectives.Bounds(candidate.Decoding);
        return seen.ShareWithin(firstToken, answer);
    }

    // PreferExact takes beam search though it scores less: there the choice is among the candidates that decode alike.
    private bool IsRival(Candidate candidate, Candidate selected) =>
        candidate is { Technique: Technique.Native, Reason: nameof(CandidateVerdict.Eligible) or RejectionReason.TooFewReplicas or RejectionReason.Saturated, Oae: not null }
        && (input.Objectives.Exactness is not AnswerExactness.PreferExact || candidate.Decoding == selected.Decoding);

    private CandidateWork Work(Candidate candidate) => new(input, specs[candidate.Name], profile, candidate.Limits!);

    private double Rate(Candidate candidate) => input.Traffic.QueriesPerSecond / candidate.Replicas;

    private static double Usual(CandidateWork work, Random random) => work.Spec.Shape.PromptTokens;

    private double Noisy(CandidateWork work, Random random) =>
        ScenarioJudge.NoisyPromptTokens(work, constants, random.NextDouble() < constants[Constant.NoisyTailShare]);

    private SimulatedLatencies Run(CandidateWork work, double speed, double rate, Func<CandidateWork, Random, double> prompt) =>
        Run(work, speed, Arrivals.Poisson(rate, seed).Take(requests + (requests / 10)), requests / 10, prompt);

    private SimulatedLatencies Run(CandidateWork work, double speed, IEnumerable<double> arrivals, int warmUp, Func<CandidateWork, Random, double> prompt)
    {
        var shape = work.Spec.Shape;
        var replica = new SimulatedReplica(work.Cost(speed), shape, work.Limits.MaxConcurrentRequests, work.Limits.MaxQueuedRequests);
        var prompts = new Random(seed + 1);
        return EngineSimulator.Run(replica, arrivals.Select(seconds => new SimulatedRequest(seconds, prompt(work, prompts), shape.OutputTokens)), warmUp);
    }
}
