using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>
/// The engine profile of our own runtime on this machine: forward passes of model A are timed and the roofline is solved for its efficiencies; what the
/// server adds is taken from requests through HTTP, alone and eight together. A GPU keeps the shipped efficiencies, and only the server's times are measured.
/// </summary>
internal sealed class MachineProfile : IDisposable
{
    private const int Repeats = 3;
    private const int Turns = 5;
    private const int FewTurns = 3;

    private readonly Dictionary<WeightPrecision, StepTimer> timers = Hardware.Node.Kind is NodeKind.Cpu
        ? BenchmarkModel.Precisions.ToDictionary(precision => precision, precision => new StepTimer(precision))
        : [];

    private readonly List<EngineProfile> served = [];

    /// <summary>Forward passes as measured last, and the medians of all measurements of what the server adds.</summary>
    public EngineProfile Current { get; private set; } = EngineProfiles.For(Hardware.Node.Kind) with
    {
        Name = $"{EngineProfiles.For(Hardware.Node.Kind).Name}-measured",
        Provenance = $"measured by make bench ONLY=prediction: {Hardware.Describe()}",
    };

    public void Dispose()
    {
        foreach (var timer in timers.Values)
        {
            timer.Dispose();
        }
    }

    /// <summary>Measures all of it, for about a minute.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < Repeats; i++)
        {
            foreach (var precision in timers.Keys)
            {
                Measure(precision, Turns);
            }

            served.Add(await ServerTimes.AddAsync(Current, cancellationToken));
        }

        double MedianOf(Func<EngineProfile, double> value) => Median.Of(served.Select(value));
        Current = Current with
        {
            SecondsPerStep = MedianOf(profile => profile.SecondsPerStep),
            SecondsPerSequence = MedianOf(profile => profile.SecondsPerSequence),
            SecondsPerRequest = MedianOf(profile => profile.SecondsPerRequest),
            RuntimeBytes = (long)MedianOf(profile => profile.RuntimeBytes),
        };
    }

    /// <summary>The profile with the speed that forward passes in a precision have now, of a few seconds' measurement: a shared machine's wanders.</summary>
    public EngineProfile Now(WeightPrecision precision)
    {
        Measure(precision, FewTurns);
        return Current;
    }

    private void Measure(WeightPrecision precision, int turns)
    {
        if (!timers.TryGetValue(precision, out var timer))
        {
            return;
        }

        var times = timer.Measure(turns);
        var geometry = BenchmarkModel.Open(precision).Geometry;
        double weights = ModelShape.MatrixWeights(geometry);
        double compute = 2 * weights / times.Token / Hardware.Node.FlopsPerSecond;
        double bandwidth = weights * precision.BitsPerWeight() / 8 / times.Reading / Hardware.Node.BandwidthBytesPerSecond;
        Current = precision == BenchmarkModel.Full
            ? Current with { ComputeEfficiency = compute, BandwidthEfficiency = bandwidth }
            : Current with { QuantizedComputeFactor = compute / Current.ComputeEfficiency, QuantizedBandwidthFactor = bandwidth / Current.BandwidthEfficiency };
        Current = Current with
        {
            AttentionEfficiency = 4.0 * geometry.Layers * geometry.AttentionHeads * geometry.HeadSize / times.TokenSlot / Hardware.Node.FlopsPerSecond,
            KvBandwidthEfficiency = KvCacheMemory.BytesPerToken(geometry, sizeof(float)) / times.Slot / Hardware.Node.BandwidthBytesPerSecond,
        };
    }
}
