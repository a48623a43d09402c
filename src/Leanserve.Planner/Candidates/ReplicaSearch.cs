namespace Leanserve.Planner;

/// <summary>How many replicas carry the load within the objectives, and how much one could carry. The workspace's nominal curve is filled for the candidate.</summary>
internal sealed class ReplicaSearch(PlanInput input, PlannerConstants constants, PlanWorkspace workspace, ScenarioJudge judge)
{
    /// <summary>Precision of a capacity, as a share of the rate of completions with all places taken.</summary>
    private const double Tolerance = 1.0 / 512;

    // Shares of late requests grow by orders of magnitude with the load; below this one they all count as none.
    private const double NoneLate = 1e-6;

    private readonly double percentile = input.Objectives.Percentile / 100.0;

    /// <summary>Queries per second that are planned for one replica at most: less than it completes, see <see cref="Constant.MostUtilization"/>.</summary>
    public double MostPerReplica => workspace.Nominal.FullRate * constants[Constant.MostUtilization];

    /// <summary>Whether the load is past what is planned for so many replicas.</summary>
    public bool IsSaturated(int replicas) => input.Traffic.QueriesPerSecond / replicas >= MostPerReplica;

    /// <summary>The fewest replicas that hold, or the most allowed where none do, with the share of requests within the objectives.</summary>
    public (int Replicas, double Share, bool Holds) Fewest(CandidateWork work)
    {
        var (low, high) = (input.Replicas.Min, input.Replicas.Max);
        var share = Share(work, low);
        if (Holds(low, share))
        {
            return (low, share, true);
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            _ = Holds(middle, Share(work, middle)) ? high = middle : low = middle + 1;
        }

        share = Share(work, high);
        return (high, share, Holds(high, share));
    }

    /// <summary>The most queries per second with which one replica holds.</summary>
    public double CapacityOfOne(CandidateWork work)
    {
        double Excess(double rate) => Math.Log((1 - ShareAt(work, rate) + NoneLate) / (1 - percentile + NoneLate));
        var full = MostPerReplica;
        var (idle, overloaded) = (Excess(0), Excess(full));
        return idle >= 0 ? 0 : overloaded < 0 ? full : Crossing.Find(Excess, (0, idle), (full, overloaded), full * Tolerance).Start;
    }

    private bool Holds(int replicas, double share) => share >= percentile && !IsSaturated(replicas);

    private double Share(CandidateWork work, int replicas) => ShareAt(work, input.Traffic.QueriesPerSecond / replicas);

    private double ShareAt(CandidateWork work, double rate) => judge.Share(workspace.Nominal, rate, work.Spec.Shape.PromptTokens, work);
}
