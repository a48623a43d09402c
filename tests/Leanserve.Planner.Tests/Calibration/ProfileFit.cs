namespace Leanserve.Planner.Tests.Calibration;

/// <summary>Fits an engine profile's eight numbers to measured rows.</summary>
internal static class ProfileFit
{
    // A factor of e away from the prior costs as much as two hopeless latencies: numbers that the rows do not determine stay where physics put them.
    private const double PriorWeight = 0.8;

    // Beyond half as much again, a row says more about its machine (a slow host, a throttled card) than about the engine.
    private const double Cap = 0.4;

    /// <summary>Where every fit begins, whatever the engine: what a well-made engine reaches, and a millisecond or so of host time.</summary>
    public static EngineProfile Prior(EngineProfile design) => design with
    {
        ComputeEfficiency = 0.65,
        BandwidthEfficiency = 0.8,
        AttentionEfficiency = 0.5,
        KvBandwidthEfficiency = 0.7,
        SecondsPerStep = 0.0015,
        SecondsPerSequence = 0.00004,
        SecondsPerRequest = 0.005,
        PromptSecondsPerLayer = 0.0002,
        LockstepShare = 0.75,
    };

    /// <summary>The design's profile with its numbers fitted to the rows.</summary>
    public static EngineProfile Fit(IReadOnlyList<LoadRow> rows, EngineProfile design, int evaluations)
    {
        var closed = rows.Any(row => row.Load.Concurrency > 1);
        var prior = Prior(design);
        var start = Numbers(prior, closed);
        // The surface has several valleys: two searches, started along different edges, and the lower end wins.
        var best = new[] { 0.5, -0.4 }.Select(first => Search(first)).MinBy(Total)!;
        return With(prior, best, closed);

        double Total(double[] point) => Loss(rows, With(prior, point, closed)) + Pull(point, start);

        double[] Search(double first) => new[] { first, -first / 2, 0.25 }.Aggregate(start, (from, stride) => NelderMead.Minimise(Total, from, stride, evaluations / 6));
    }

    /// <summary>Sum of absolute logarithmic errors of both latencies, and a penalty for a wrong verdict on saturation.</summary>
    public static double Loss(IReadOnlyList<LoadRow> rows, EngineProfile profile)
    {
        var sum = 0.0;
        foreach (var row in rows)
        {
            var predicted = LatencyPredictor.Predict(row.Load, profile);
            if (row.Saturated is true)
            {
                sum += predicted.Saturated ? 0 : Cap;
                continue;
            }

            sum += predicted.Saturated ? Cap : 0;
            sum += row.ItlMilliseconds is { } itl ? Cost(predicted.InterTokenSeconds * 1e3 / itl) : 0;
            sum += row.TtftMilliseconds is { } ttft ? 0.7 * Cost(predicted.TimeToFirstTokenSeconds * 1e3 / ttft) : 0;
        }

        return sum;
    }

    private static double Cost(double ratio) => Math.Min(Math.Abs(Math.Log(ratio)), Cap);

    private static double Pull(double[] point, double[] start) => PriorWeight * point.Zip(start, (one, other) => (one - other) * (one - other)).Sum();

    // Eight numbers: where clients run in a closed loop, their lockstep; else the launching of prompts' kernels.
    private static double[] Numbers(EngineProfile profile, bool closed) =>
    [
        Math.Log(profile.ComputeEfficiency), Math.Log(profile.BandwidthEfficiency), Math.Log(profile.AttentionEfficiency), Math.Log(profile.KvBandwidthEfficiency),
        Math.Log(profile.SecondsPerStep), Math.Log(profile.SecondsPerSequence), Math.Log(profile.SecondsPerRequest),
        Math.Log(closed ? profile.LockstepShare : profile.PromptSecondsPerLayer),
    ];

    // Nothing reads weights or multiplies faster than the hardware can; a KV cache of 8 bits reads as if at twice the bandwidth.
    private static EngineProfile With(EngineProfile profile, double[] numbers, bool closed) => profile with
    {
        ComputeEfficiency = Math.Min(Math.Exp(numbers[0]), 0.9),
        BandwidthEfficiency = Math.Min(Math.Exp(numbers[1]), 0.97),
        AttentionEfficiency = Math.Min(Math.Exp(numbers[2]), 0.9),
        KvBandwidthEfficiency = Math.Min(Math.Exp(numbers[3]), 2),
        SecondsPerStep = Math.Exp(numbers[4]),
        SecondsPerSequence = Math.Exp(numbers[5]),
        SecondsPerRequest = Math.Exp(numbers[6]),
        LockstepShare = closed ? Math.Min(Math.Exp(numbers[7]), 1) : profile.LockstepShare,
        PromptSecondsPerLayer = closed ? profile.PromptSecondsPerLayer : Math.Exp(numbers[7]),
    };
}
