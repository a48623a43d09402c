using System.Diagnostics;
using Leanserve.Benchmarks.Engine;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>Times forward passes of model A in one precision.</summary>
internal sealed class StepTimer : IDisposable
{
    private static readonly int[] Streams = [1, 2, 4, 8];
    private static readonly int[] Prompts = [32, 256];

    private readonly WeightPrecision precision;
    private readonly IModelRunner runner;
    private readonly double promptShare;
    private readonly IReadOnlyList<ModelStep> steps =
    [
        .. Streams.Select(RowLayout.Start),
        .. Streams.Select(streams => new RowLayout(streams, isShared: true).Decode()),
        .. Prompts.Select(tokens => RowLayout.Prompt(0, tokens)),
        RowLayout.Prompt(BenchmarkModel.PrefixTokens - Prompts[0], Prompts[0]),
    ];

    /// <summary>Loads the model.</summary>
    public StepTimer(WeightPrecision precision)
    {
        this.precision = precision;
        var folder = BenchmarkModel.Open(precision);
        promptShare = 1 - (ModelShape.HeadWeights(folder.Geometry) / ModelShape.MatrixWeights(folder.Geometry));
        runner = folder.CreateRunner(BenchmarkModel.Options(BenchmarkModel.PrefixTokens + Prompts.Max()));
        new RowLayout(1, isShared: true).Fill(runner);
    }

    public void Dispose() => runner.Dispose();

    /// <summary>The machine's speed now.</summary>
    /// <param name="turns">How often each step is taken; their medians count.</param>
    public StepTimes Measure(int turns)
    {
        double[] seconds = Seconds(turns);
        List<(double, double, double)> reads = [];
        List<(double, double, double)> slots = [];
        for (int i = 0; i < Streams.Length; i++)
        {
            (double empty, double deep) = (seconds[i], seconds[Streams.Length + i]);
            reads.Add((1, Streams[i], empty));
            slots.Add((BenchmarkModel.PrefixTokens, Streams[i] * BenchmarkModel.PrefixTokens, Math.Max(deep - empty, 1e-6)));
        }

        for (int i = 0; i < Prompts.Length; i++)
        {
            // A prompt's tokens are multiplied by all weights but the head's.
            reads.Add((1, Prompts[i] * promptShare, seconds[(2 * Streams.Length) + i]));
        }

        double context = BenchmarkModel.PrefixTokens - Prompts[0];
        slots.Add((context, Prompts[0] * context, Math.Max(seconds[^1] - seconds[2 * Streams.Length], 1e-6)));

        // Reading overlaps arithmetic unless weights are unpacked: EngineProfile.UnpacksWeights.
        (double reading, double token) = precision == BenchmarkModel.Full ? TwoCosts.FitSquares(reads) : TwoCosts.Fit(reads);
        (double slot, double tokenSlot) = TwoCosts.Fit(slots);
        return new StepTimes(reading, token, slot, tokenSlot);
    }

    // All steps are taken in turns, so that a machine which slows down for a while slows them alike; the first turn is not counted.
    private double[] Seconds(int turns)
    {
        double[][] seconds = [.. steps.Select(_ => new double[turns])];
        for (int turn = -1; turn < turns; turn++)
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
