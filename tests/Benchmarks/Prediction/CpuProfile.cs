using System.Diagnostics;
using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>
/// The engine profile of our own runtime on this machine: forward passes of model A are timed and the roofline is solved for its efficiencies; what the
/// server adds is taken from requests through HTTP, alone and eight together.
/// </summary>
internal static class CpuProfile
{
    private const int Turns = 15;
    private static readonly int[] Streams = [1, 2, 4, 8];
    private static readonly int[] Prompts = [32, 256];

    /// <summary>The node that the profile's efficiencies refer to.</summary>
    public static NodeCapability Node { get; } = CpuNode.Of(Hardware.Threads, 8_000_000_000);

    /// <summary>Measures for about half a minute.</summary>
    public static async Task<EngineProfile> MeasureAsync(CancellationToken cancellationToken)
    {
        var geometry = BenchmarkModel.Open(BenchmarkModel.Full).Geometry;
        double weights = ModelShape.MatrixWeights(geometry);
        double promptShare = 1 - (ModelShape.HeadWeights(geometry) / weights);
        var full = StepTimes.Measure(BenchmarkModel.Full, promptShare, TwoCosts.FitSquares);
        var quantized = StepTimes.Measure(WeightPrecision.Int4, promptShare, TwoCosts.Fit);
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
        /// <param name="fit">How reading and arithmetic make up a step: <see cref="EngineProfile.UnpacksWeights"/>.</param>
        public static StepTimes Measure(
            WeightPrecision precision, double promptShare, Func<IReadOnlyList<(double Reading, double Tokens, double Seconds)>, (double Reading, double Token)> fit)
        {
            using var runner = BenchmarkModel.Open(precision).CreateRunner(BenchmarkModel.Options(BenchmarkModel.PrefixTokens + Prompts.Max()));
            new RowLayout(1, isShared: true).Fill(runner);
            var seconds = Seconds(
                runner,
                [
                    .. Streams.Select(RowLayout.Start),
                    .. Streams.Select(streams => new RowLayout(streams, isShared: true).Decode()),
                    .. Prompts.Select(tokens => RowLayout.Prompt(0, tokens)),
                    RowLayout.Prompt(BenchmarkModel.PrefixTokens - Prompts[0], Prompts[0]),
                ]);
            List<(double, double, double)> steps = [];
            List<(double, double, double)> slots = [];
            for (int i = 0; i < Streams.Length; i++)
            {
                (double empty, double deep) = (seconds[i], seconds[Streams.Length + i]);
                steps.Add((1, Streams[i], empty));
                slots.Add((BenchmarkModel.PrefixTokens, Streams[i] * BenchmarkModel.PrefixTokens, Math.Max(deep - empty, 1e-6)));
            }

            for (int i = 0; i < Prompts.Length; i++)
            {
                steps.Add((1, Prompts[i] * promptShare, seconds[(2 * Streams.Length) + i]));
            }

            double context = BenchmarkModel.PrefixTokens - Prompts[0];
            slots.Add((context, Prompts[0] * context, Math.Max(seconds[^1] - seconds[2 * Streams.Length], 1e-6)));

            (double reading, double token) = fit(steps);
            (double slot, double tokenSlot) = TwoCosts.Fit(slots);
            return new StepTimes(reading, token, slot, tokenSlot);
        }

        /// <summary>The median time of each step, all taken in turns, so that a machine which slows down for a while slows them alike.</summary>
        private static double[] Seconds(IModelRunner runner, IReadOnlyList<ModelStep> steps)
        {
            double[][] seconds = [.. steps.Select(_ => new double[Turns])];
            for (int turn = -1; turn < Turns; turn++)
            {
                for (int i = 0; i < steps.Count; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    runner.Run(steps[i]);
                    seconds[i][Math.Max(turn, 0)] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }

            return [.. seconds.Select(Median.Of)];
        }
    }
}
