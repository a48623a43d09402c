using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>
/// The engine profile of our own runtime on this machine: forward passes of model A are timed and the roofline is solved for its efficiencies; what the
/// server adds is taken from a lone stream through HTTP.
/// </summary>
internal static class CpuProfile
{
    private const int Turns = 7;
    private const int Streams = 8;
    private const int PromptTokens = 256;

    /// <summary>Measures for about a minute.</summary>
    public static async Task<EngineProfile> MeasureAsync(CancellationToken cancellationToken)
    {
        var node = CpuNode.Of(Hardware.Threads, 8_000_000_000);
        var full = StepTimes.Measure(WeightPrecision.Float32);
        var quantized = StepTimes.Measure(WeightPrecision.Int4);
        var geometry = ModelA.Open(WeightPrecision.Float32).Geometry;
        double weights = ModelShape.MatrixWeights(geometry);
        double promptWeights = weights - ModelShape.HeadWeights(geometry);
        double secondsPerToken = full.Prompt / PromptTokens * weights / promptWeights;
        double attention = Math.Max((full.ManyDeep - full.Many - (full.OneDeep - full.One)) / ((Streams - 1) * ModelA.PrefixTokens), 1e-12);
        double read = Math.Max(((full.OneDeep - full.One) / ModelA.PrefixTokens) - attention, 1e-12);
        double reading = Math.Sqrt((full.One * full.One) - (secondsPerToken * secondsPerToken));
        double quantizedReading = Math.Sqrt((quantized.One * quantized.One) - (secondsPerToken * secondsPerToken));
        double bandwidth = weights * 4 / reading / node.BandwidthBytesPerSecond;
        var profile = EngineProfiles.For(NodeKind.Cpu) with
        {
            Name = "onnxruntime-cpu-measured",
            Provenance = $"measured by make bench ONLY=prediction: {Hardware.Describe()}",
            ComputeEfficiency = 2 * weights / secondsPerToken / node.FlopsPerSecond,
            BandwidthEfficiency = bandwidth,
            QuantizedBandwidthFactor = weights * WeightPrecision.Int4.BitsPerWeight() / 8 / quantizedReading / node.BandwidthBytesPerSecond / bandwidth,
            AttentionEfficiency = 4.0 * geometry.Layers * geometry.AttentionHeads * geometry.HeadSize / attention / node.FlopsPerSecond,
            KvBandwidthEfficiency = KvCacheMemory.BytesPerToken(geometry, sizeof(float)) / read / node.BandwidthBytesPerSecond,
        };
        return await ServerTimes.AddAsync(profile, cancellationToken);
    }

    /// <summary>Seconds of forward passes.</summary>
    /// <param name="One">A token alone.</param>
    /// <param name="Many">A token of each of <see cref="Streams"/> streams.</param>
    /// <param name="OneDeep">A token after <see cref="ModelA.PrefixTokens"/> cached ones.</param>
    /// <param name="ManyDeep">A token of each stream after so many.</param>
    /// <param name="Prompt"><see cref="PromptTokens"/> tokens of a prompt.</param>
    private sealed record StepTimes(double One, double Many, double OneDeep, double ManyDeep, double Prompt)
    {
        public static StepTimes Measure(WeightPrecision precision)
        {
            using var runner = ModelA.Open(precision).CreateRunner(new OnnxRunnerOptions { KvSlots = ModelA.PrefixTokens + PromptTokens, Threads = Hardware.Threads });
            var one = new RowLayout(1, isShared: true);
            one.Fill(runner);
            return new StepTimes(
                Seconds(runner, RowLayout.Start(1)),
                Seconds(runner, RowLayout.Start(Streams)),
                Seconds(runner, one.Decode()),
                Seconds(runner, new RowLayout(Streams, isShared: true).Decode()),
                Seconds(runner, RowLayout.Prompt(0, PromptTokens)));
        }

        private static double Seconds(IModelRunner runner, ModelStep step) => Median.OfTurns(Turns, () => runner.Run(step), () => { }).First / 1000;
    }
}
