using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>
/// The engine profile of our own runtime on this machine: forward passes of model A are timed and the roofline is solved for its efficiencies; what the
/// server adds is taken from a lone user's requests through HTTP.
/// </summary>
internal static class CpuProfile
{
    private const int Turns = 7;
    private static readonly int[] Streams = [1, 2, 4, 8];
    private static readonly int[] Prompts = [64, 256];

    /// <summary>The node that the profile's efficiencies refer to.</summary>
    public static NodeCapability Node { get; } = CpuNode.Of(Hardware.Threads, 8_000_000_000);

    /// <summary>Measures for about a minute.</summary>
    public static async Task<EngineProfile> MeasureAsync(CancellationToken cancellationToken)
    {
        var geometry = ModelA.Open(WeightPrecision.Float32).Geometry;
        double weights = ModelShape.MatrixWeights(geometry);
        double promptShare = 1 - (ModelShape.HeadWeights(geometry) / weights);
        var full = StepTimes.Measure(WeightPrecision.Float32, promptShare);
        var quantized = StepTimes.Measure(WeightPrecision.Int4, promptShare);
        double compute = 2 * weights / full.Token / Node.FlopsPerSecond;
        double bandwidth = weights * 4 / full.Reading / Node.BandwidthBytesPerSecond;
        var profile = EngineProfiles.For(NodeKind.Cpu) with
        {
            Name = "onnxruntime-cpu-measured",
            Provenance = $"measured by make bench ONLY=prediction: {Hardware.Describe()}",
            ComputeEfficiency = compute,
            QuantizedComputeFactor = full.Token / quantized.Token,
            BandwidthEfficiency = bandwidth,
            QuantizedBandwidthFactor = weights * WeightPrecision.Int4.BitsPerWeight() / 8 / quantized.Reading / Node.BandwidthBytesPerSecond / bandwidth,
            AttentionEfficiency = 4.0 * geometry.Layers * geometry.AttentionHeads * geometry.HeadSize / full.TokenSlot / Node.FlopsPerSecond,
            KvBandwidthEfficiency = KvCacheMemory.BytesPerToken(geometry, sizeof(float)) / full.Slot / Node.BandwidthBytesPerSecond,
        };
        return await ServerTimes.AddAsync(profile, cancellationToken);
    }

    /// <summary>Seconds that forward passes are made of.</summary>
    /// <param name="Reading">Reading all weights once.</param>
    /// <param name="Token">Multiplying one token by all weights.</param>
    /// <param name="Slot">Reading one cached slot.</param>
    /// <param name="TokenSlot">One token's attention to one slot.</param>
    private sealed record StepTimes(double Reading, double Token, double Slot, double TokenSlot)
    {
        /// <param name="precision">Of the weights.</param>
        /// <param name="promptShare">Share of the weights that a prompt's tokens are multiplied by: all but the head.</param>
        public static StepTimes Measure(WeightPrecision precision, double promptShare)
        {
            using var runner = ModelA.Open(precision).CreateRunner(new OnnxRunnerOptions { KvSlots = ModelA.PrefixTokens + Prompts.Max(), Threads = Hardware.Threads });
            new RowLayout(1, isShared: true).Fill(runner);
            List<(double, double, double)> steps = [];
            List<(double, double, double)> slots = [];
            foreach (int streams in Streams)
            {
                double empty = Seconds(runner, RowLayout.Start(streams));
                double deep = Seconds(runner, new RowLayout(streams, isShared: true).Decode());
                steps.Add((1, streams, empty));
                slots.Add((ModelA.PrefixTokens, streams * ModelA.PrefixTokens, Math.Max(deep - empty, 1e-6)));
            }

            foreach (int tokens in Prompts)
            {
                steps.Add((1, tokens * promptShare, Seconds(runner, RowLayout.Prompt(0, tokens))));
            }

            (double reading, double token) = TwoCosts.Fit(steps);
            (double slot, double tokenSlot) = TwoCosts.Fit(slots);
            return new StepTimes(reading, token, slot, tokenSlot);
        }

        private static double Seconds(IModelRunner runner, ModelStep step) => Median.OfTurns(Turns, () => runner.Run(step), () => { }).First / 1000;
    }
}
