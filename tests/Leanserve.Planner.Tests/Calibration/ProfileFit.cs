namespace Leanserve.Planner.Tests.Calibration;

/// <summary>Fits an engine profile's numbers to measured rows.</summary>
internal static class ProfileFit
{
    // A factor of e away from the start costs as much as one hopeless latency: numbers that the rows do not determine stay where physics put them.
    private const double PriorWeight = 0.8;

    // Beyond twice, a row says more about its machine (a slow host, a throttled card) than about the engine.
    private const double Cap = 0.8;

    /// <summary>The fitted numbers: how each is read, and how it is set within what hardware can do.</summary>
    private static readonly (Func<EngineProfile, double> Get, Func<EngineProfile, double, EngineProfile> Set)[] Numbers =
    [
        // Products of matrices that reach less than two fifths of the rated rate are a throttled card's, not an engine's.
        (profile => profile.ComputeEfficiency, (profile, value) => profile with { ComputeEfficiency = Math.Clamp(value, 0.4, 0.9) }),
        (profile => profile.BandwidthEfficiency, (profile, value) => profile with { BandwidthEfficiency = Math.Min(value, 0.97) }),
        // A KV cache of 8 bits reads as if at twice the bandwidth.
        (profile => profile.KvBandwidthEfficiency, (profile, value) => profile with { KvBandwidthEfficiency = Math.Min(value, 2) }),
        (profile => profile.AttentionEfficiency, (profile, value) => profile with { AttentionEfficiency = Math.Min(value, 0.9) }),
        (profile => profile.SecondsPerStep, (profile, value) => profile with { SecondsPerStep = value }),
        (profile => profile.SecondsPerSequence, (profile, value) => profile with { SecondsPerSequence = value }),
        (profile => profile.SecondsPerRequest, (profile, value) => profile with { SecondsPerRequest = value }),
        (profile => profile.LaunchSecondsPerLayer, (profile, value) => profile with { LaunchSecondsPerLayer = value }),
    ];

    /// <summary>Numbers that a fit may move.</summary>
    public static int Count => Numbers.Length;

    /// <summary>Where every fit begins, whatever the engine: what a well-made engine reaches, and a millisecond or so of host time.</summary>
    public static EngineProfile Prior(EngineProfile design) => design with
    {
        ComputeEfficiency = 0.65,
        BandwidthEfficiency = 0.8,
        KvBandwidthEfficiency = 0.7,
        AttentionEfficiency = 0.5,
        SecondsPerStep = 0.0015,
        SecondsPerSequence = 0.00004,
        SecondsPerRequest = 0.005,
        LaunchSecondsPerLayer = 0.0002,
        ReplaysSteps = true,
    };

    /// <summary>The design's profile with its numbers fitted to the rows.</summary>
    public static EngineProfile Fit(IReadOnlyList<LoadRow> rows, EngineProfile design, int evaluations)
    {
        var prior = Prior(design);
        var start = Array.ConvertAll(Numbers, number => Math.Log(number.Get(prior)));
        // The surface has several valleys: two searches, started along different edges, and the lower end wins.
        var best = new[] { 0.5, -0.4 }.Select(Search).MinBy(Total)!;
        return With(prior, best);

        double Total(double[] point) => Loss(rows, With(prior, point)) + Pull(point, start);

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

    private static EngineProfile With(EngineProfile profile, double[] point)
    {
        for (var axis = 0; axis < point.Length; axis++)
        {
            profile = Numbers[axis].Set(profile, Math.Exp(point[axis]));
        }

        return profile;
    }
}
