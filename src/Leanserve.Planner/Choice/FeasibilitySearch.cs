using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Where nothing is feasible, searches for the smallest change that would make something so.</summary>
internal static class FeasibilitySearch
{
    private const double LoosestObjective = 64;
    private const int Bisections = 8;

    private static readonly WeightPrecision[] Precisions = [WeightPrecision.Float16, WeightPrecision.Int8, WeightPrecision.Int4];

    /// <summary>The plan with the changes that would make it feasible, smallest first.</summary>
    public static DeploymentPlan Complete(DeploymentPlan plan)
    {
        var found = Changes(plan.Input).OrderBy(change => change.Size).Select(change => change.Change).ToList();
        var complete = plan with { FeasibleChanges = found, NearestFeasibleChange = found.FirstOrDefault() };
        return complete with { Summary = SummarySentence.For(complete) };
    }

    // What is tried is what is told, rounded digits included. Sizes compare unlike changes: the binary logarithm of the ratio by which the number (or the price) changes.
    private static IEnumerable<(double Size, FeasibleChange Change)> Changes(PlanInput input) =>
        [.. Unpinned(input), .. FewerBits(input), .. MoreReplicas(input), .. LooserObjectives(input), .. LessExact(input), .. FewerDocuments(input), .. LessLoad(input), .. OtherGpus(input)];

    private static IEnumerable<(double, FeasibleChange)> Unpinned(PlanInput input)
    {
        if (input.Pins is not { Knowledge: null, Decoding: null } && Chosen(input with { Pins = new() }) is { } chosen)
        {
            yield return (0.2, new("Pins", $"strategy left to Auto, which would choose {chosen}."));
        }
    }

    private static IEnumerable<(double, FeasibleChange)> FewerBits(PlanInput input)
    {
        var present = input.Weights.Min(weights => weights.Precision.BitsPerWeight());
        foreach (var precision in Precisions)
        {
            var bits = precision.BitsPerWeight();
            if (bits < present && Chosen(input with { Weights = [new WeightVariant(precision)] }) is { } chosen)
            {
                yield return (0.5 * Math.Log2(present / bits), new("Precision", $"{precision} weights, which would be served as {chosen}."));
                yield break;
            }
        }
    }

    private static IEnumerable<(double, FeasibleChange)> MoreReplicas(PlanInput input)
    {
        var more = input with { Replicas = input.Replicas with { Max = Math.Max(input.Replicas.Max, ReplicaBounds.Largest) } };
        if (DeploymentPlanner.ChooseBriefly(more).Selected is { } selected)
        {
            var size = Math.Log2((double)selected.Replicas / input.Replicas.Max);
            yield return (size, new("Replicas", $"scaling.maxReplicas of {selected.Replicas}, which would serve it as {Words(more, selected)}."));
        }
    }

    private static IEnumerable<(double, FeasibleChange)> LooserObjectives(PlanInput input)
    {
        if (input.Objectives is { TimeToFirstToken: null, RequestLatency: null })
        {
            yield break;
        }

        if (Least(1, LoosestObjective, factor => Chosen(Loosened(input, factor))) is { } found)
        {
            var loosened = Loosened(input, found.Value).Objectives;
            var words = new List<string>(2);
            if (loosened.TimeToFirstToken is { } first)
            {
                words.Add($"timeToFirstTokenMilliseconds of {Wording.Count(first.TotalMilliseconds)}");
            }

            if (loosened.RequestLatency is { } whole)
            {
                words.Add($"requestLatencyMilliseconds of {Wording.Count(whole.TotalMilliseconds)}");
            }

            yield return (Math.Log2(found.Value), new("Objectives", $"{string.Join(" and ", words)}, which {found.Chosen} would meet."));
        }
    }

    private static IEnumerable<(double, FeasibleChange)> LessExact(PlanInput input)
    {
        if (input.Objectives.Exactness is AnswerExactness.RequireExact
            && Chosen(input with { Objectives = input.Objectives with { Exactness = AnswerExactness.PreferExact } }) is { } chosen)
        {
            yield return (1, new("Decoding", $"answerQuality of PreferExact, which would be served as {chosen}."));
        }
    }

    private static IEnumerable<(double, FeasibleChange)> FewerDocuments(PlanInput input)
    {
        if (input.Knowledge.Tokens > 0
            && Least(1, input.Knowledge.Tokens, factor => Chosen(input with { Knowledge = input.Knowledge with { Tokens = Tokens(factor) } })) is { } found)
        {
            yield return (Math.Log2(found.Value), new("Documents", $"at most {Wording.Count(Tokens(found.Value))} tokens of documents, served as {found.Chosen}."));
        }

        long Tokens(double factor) => (long)Wording.RoundDown(input.Knowledge.Tokens / factor);
    }

    private static IEnumerable<(double, FeasibleChange)> LessLoad(PlanInput input)
    {
        if (Least(1, 1000, factor => Chosen(input with { Traffic = input.Traffic with { QueriesPerSecond = Rate(factor) } })) is { } found)
        {
            yield return (Math.Log2(found.Value), new("Traffic", $"at most {Wording.Rate(Rate(found.Value))}, served as {found.Chosen}."));
        }

        double Rate(double factor) => Wording.RoundDown(input.Traffic.QueriesPerSecond / factor);
    }

    private static IEnumerable<(double, FeasibleChange)> OtherGpus(PlanInput input)
    {
        var present = OverheadAwareEfficiency.UsdPerHour(input, PlannerConstants.Default.With(input.Assumptions));
        var prices = input.Prices with { NodeUsdPerHour = null };
        foreach (var gpu in GpuCatalogue.All.Where(gpu => gpu.UsdPerHour is not null && gpu.Name != input.Node.Name).OrderBy(gpu => gpu.UsdPerHour))
        {
            var moved = input with { Node = gpu.ToNode(), Prices = prices, EngineProfile = null, Weights = ForGpu(input.Weights) };
            if (Chosen(moved) is { } chosen)
            {
                // Another machine is a bigger step than its price says.
                var size = 0.5 + Math.Max(Math.Log2(gpu.UsdPerHour!.Value / present), 0);
                yield return (size, new("Gpu", $"node.gpu: {gpu.Name} ({Wording.Usd(gpu.UsdPerHour.Value)} an hour), which would serve it as {chosen}."));
                yield break;
            }
        }
    }

    // A CPU's fp32 export has an fp16 twin for a GPU.
    private static IReadOnlyList<WeightVariant> ForGpu(IReadOnlyList<WeightVariant> weights) =>
        [.. weights.Select(variant => variant.Precision is WeightPrecision.Float32 ? new WeightVariant(WeightPrecision.Float16) : variant)];

    private static PlanInput Loosened(PlanInput input, double factor) => input with
    {
        Objectives = input.Objectives with { TimeToFirstToken = Rounded(input.Objectives.TimeToFirstToken * factor), RequestLatency = Rounded(input.Objectives.RequestLatency * factor) },
    };

    private static TimeSpan? Rounded(TimeSpan? time) => time is { } value ? TimeSpan.FromMilliseconds(Math.Ceiling(value.TotalMilliseconds / 10) * 10) : null;

    // The smallest value of a geometric range, to a few percent, from which on something is chosen.
    private static (double Value, string Chosen)? Least(double from, double to, Func<double, string?> choose)
    {
        if (choose(to) is not { } chosen)
        {
            return null;
        }

        for (var i = 0; i < Bisections; i++)
        {
            var middle = Math.Sqrt(from * to);
            if (choose(middle) is { } there)
            {
                (to, chosen) = (middle, there);
            }
            else
            {
                from = middle;
            }
        }

        return (to, chosen);
    }

    private static string? Chosen(PlanInput input) => DeploymentPlanner.ChooseBriefly(input).Selected is { } selected ? Words(input, selected) : null;

    private static string Words(PlanInput input, Candidate selected) => $"{selected.Name} on {selected.Replicas} × {input.Node.Name}";
}
