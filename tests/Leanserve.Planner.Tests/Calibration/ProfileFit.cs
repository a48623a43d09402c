namespace Leanserve.Planner.Tests.Calibration;

/// <summary>Fits an engine profile's eight numbers to measured rows.</summary>
internal static class ProfileFit
{
    // A factor e^(0.5) away from the start costs as much as an error of about 1 % in every row: numbers that the rows do not determine stay where physics put them.
    private const double PriorWeight = 0.04;

    /// <summary>The profile with its numbers fitted to the rows; <paramref name="prior"/> is where the search starts and what it is drawn to.</summary>
    public static EngineProfile Fit(IReadOnlyList<LoadRow> rows, EngineProfile prior, int evaluations)
    {
        var start = Numbers(prior);
        var best = NelderMead.Minimise(point => Loss(rows, With(prior, point)) + Prior(point, start), start, 0.4, evaluations / 2);
        best = NelderMead.Minimise(point => Loss(rows, With(prior, point)) + Prior(point, start), best, 0.2, evaluations / 2);
        return With(prior, best);
    }

    /// <summary>Mean absolute logarithmic error of both latencies, and a penalty for a wrong verdict on saturation.</summary>
    public static double Loss(IReadOnlyList<LoadRow> rows, EngineProfile profile)
    {
        var sum = 0.0;
        foreach (var row in rows)
        {
            var predicted = LatencyPredictor.Predict(row.Load, profile);
            if (row.Saturated is true)
            {
                sum += predicted.Saturated ? 0 : 0.5;
                continue;
            }

            sum += predicted.Saturated ? 0.5 : 0;
            sum += row.ItlMilliseconds is { } itl ? Cost(predicted.InterTokenSeconds * 1e3 / itl) : 0;
            sum += row.TtftMilliseconds is { } ttft ? 0.7 * Cost(predicted.TimeToFirstTokenSeconds * 1e3 / ttft) : 0;
        }

        return sum / rows.Count;
    }

    // Beyond a factor of two a row says more about its machine than about the engine.
    private static double Cost(double ratio) => Math.Min(Math.Abs(Math.Log(ratio)), 0.7);

    private static double Prior(double[] point, double[] start)
    {
        var sum = 0.0;
        for (var i = 0; i < point.Length; i++)
        {
            sum += (point[i] - start[i]) * (point[i] - start[i]);
        }

        return PriorWeight * sum / point.Length;
    }

    private static double[] Numbers(EngineProfile profile) =>
    [
        Math.Log(profile.ComputeEfficiency), Math.Log(profile.BandwidthEfficiency), Math.Log(profile.AttentionEfficiency), Math.Log(profile.PromptSecondsPerLayer),
        Math.Log(profile.SecondsPerStep), Math.Log(profile.SecondsPerSequence), Math.Log(profile.SecondsPerRequest), Math.Log(profile.LockstepShare),
    ];

    // Efficiencies are bounded by the hardware: nothing reads or multiplies faster than it can.
    private static EngineProfile With(EngineProfile profile, double[] numbers) => profile with
    {
        ComputeEfficiency = Math.Min(Math.Exp(numbers[0]), 0.9),
        BandwidthEfficiency = Math.Min(Math.Exp(numbers[1]), 0.97),
        AttentionEfficiency = Math.Min(Math.Exp(numbers[2]), 0.9),
        KvBandwidthEfficiency = Math.Min(Math.Exp(numbers[1]), 0.97),
        PromptSecondsPerLayer = Math.Exp(numbers[3]),
        SecondsPerStep = Math.Exp(numbers[4]),
        SecondsPerSequence = Math.Exp(numbers[5]),
        SecondsPerRequest = Math.Exp(numbers[6]),
        LockstepShare = Math.Min(Math.Exp(numbers[7]), 1),
    };
}
