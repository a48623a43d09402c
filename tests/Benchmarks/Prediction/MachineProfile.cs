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
    private const int ManyTurns = 15;
    private const int FewTurns = 3;

    private readonly Dictionary<WeightPrecision, StepTimer> timers = Hardware.Node.Kind is NodeKind.Cpu
        ? BenchmarkModel.Precisions.ToDictionary(precision => precision, precision => new StepTimer(precision))
        : [];

    /// <summary>As measured last.</summary>
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

    /// <summary>Measures all of it, for about half a minute.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        foreach (var precision in timers.Keys)
        {
            Measure(precision, ManyTurns);
        }

        Current = await ServerTimes.AddAsync(Current, cancellationToken);
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
