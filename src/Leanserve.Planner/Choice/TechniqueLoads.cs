namespace Leanserve.Planner;

/// <summary>Finds for each technique the nearest load at which it would beat what our own runtime serves, and says so.</summary>
internal static class TechniqueLoads
{
    private const double Reach = 256;
    private const double Stride = 4;
    private const int Bisections = 5;

    /// <summary>The plan with that load, or that there is none, in each losing technique's message.</summary>
    public static DeploymentPlan Complete(DeploymentPlan plan)
    {
        var losing = plan.Candidates.Where(candidate => candidate.Technique is not (Technique.Native or Technique.SpeculativeNGram) && candidate.Reason is not (RejectionReason.RuntimeUnsupported or RejectionReason.NotExact))
            .Select(candidate => candidate.Technique).ToHashSet();
        if (losing.Count == 0)
        {
            return plan;
        }

        var found = Search(plan.Input, losing);
        return plan with { Candidates = [.. plan.Candidates.Select(candidate => losing.Contains(candidate.Technique) ? Told(plan, candidate, found.GetValueOrDefault(candidate.Technique)) : candidate)] };
    }

    // Nearest loads first, above and below by turns.
    private static Dictionary<Technique, FlipPoint> Search(PlanInput input, HashSet<Technique> losing)
    {
        var found = new Dictionary<Technique, FlipPoint>();
        var present = input.Traffic.QueriesPerSecond;
        for (var factor = Stride; factor <= Reach && found.Count < losing.Count; factor *= Stride)
        {
            foreach (var (near, far) in ((double, double)[])[(present * factor / Stride, present * factor), (present / factor * Stride, present / factor)])
            {
                var winning = Winning(input, far);
                foreach (var technique in losing.Where(technique => winning.Contains(technique) && !found.ContainsKey(technique)).ToList())
                {
                    found[technique] = Point(technique, Wording.Round(Narrow(input, technique, near, far)), far > near);
                }
            }
        }

        return found;
    }

    private static double Narrow(PlanInput input, Technique technique, double near, double far)
    {
        for (var i = 0; i < Bisections; i++)
        {
            var middle = Math.Sqrt(near * far);
            _ = Winning(input, middle).Contains(technique) ? far = middle : near = middle;
        }

        return far;
    }

    private static HashSet<Technique> Winning(PlanInput input, double load) =>
        [.. DeploymentPlanner.CompareBriefly(input with { Traffic = input.Traffic with { QueriesPerSecond = load } }).Candidates
            .Where(candidate => candidate.Reason == RejectionReason.RuntimeUnsupported).Select(candidate => candidate.Technique)];

    private static FlipPoint Point(Technique technique, double load, bool above) => new(
        SensitivityAnalysis.Load, load, above, technique.ToString(), $"It would win {(above ? "above" : "below")} {Wording.Rate(load)}.");

    private static Candidate Told(DeploymentPlan plan, Candidate candidate, FlipPoint? point)
    {
        var present = plan.Input.Traffic.QueriesPerSecond;
        var words = point?.Message ?? $"It would win at no load between {Wording.Digits(Wording.Round(present / Reach))} and {Wording.Rate(Wording.Round(present * Reach))}.";
        return candidate with { WinsAt = point, Message = $"{candidate.Message} {words}" };
    }
}
