using Leanserve.Contracts;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>One strategy's server in one round: its requests under each load, its memory, and what the plan said of both.</summary>
internal sealed record StrategyRound(ServedStrategy Strategy, IReadOnlyList<LoadRound> Loads, long MemoryBytes, long PlannedBytes)
{
    /// <summary>Predictions against what was measured, over all rounds of one strategy: of all their requests, and the median prediction.</summary>
    public static IEnumerable<Figure> Figures(IEnumerable<StrategyRound> rounds)
    {
        var all = rounds.ToList();
        var strategy = all[0].Strategy;
        foreach (var load in all.SelectMany(round => round.Loads).GroupBy(load => load.Share))
        {
            string name = $"{strategy.Name}, {load.Key} of capacity";
            var samples = load.SelectMany(round => round.Samples).ToList();
            var predictions = load.SelectMany(round => round.Predictions).ToList();
            double firstToken = MedianMilliseconds(samples, sample => sample.FirstToken);
            double betweenTokens = BetweenTokens(strategy, firstToken, MedianMilliseconds(samples, sample => sample.Answer));
            yield return Compare($"{name}: first token", firstToken, predictions.Select(prediction => prediction.TtftP50.TotalMilliseconds), "ms");
            yield return Compare(
                $"{name}: between tokens",
                betweenTokens,
                predictions.Select(prediction => BetweenTokens(strategy, prediction.TtftP50.TotalMilliseconds, prediction.E2eP50.TotalMilliseconds)),
                "ms");
        }

        yield return Compare($"{strategy.Name}: memory", Median.Of(all.Select(round => round.MemoryBytes / 1e6)), all.Select(round => round.PlannedBytes / 1e6), "MB");
    }

    // Between the median first token and the median answer; a search shows nothing between, there it is the answer's time by its tokens.
    private static double BetweenTokens(ServedStrategy strategy, double firstToken, double answer) =>
        strategy.Decoding is DecodingMode.BeamSearch ? answer / ServedStrategy.OutputTokens : (answer - firstToken) / (ServedStrategy.OutputTokens - 1);

    private static double MedianMilliseconds(IEnumerable<TimedLoad.Sample> samples, Func<TimedLoad.Sample, TimeSpan> time) =>
        Median.Of(samples.Select(sample => time(sample).TotalMilliseconds));

    private static Figure Compare(string name, double measured, IEnumerable<double> predictions, string unit)
    {
        double predicted = Median.Of(predictions);
        return new Figure(name, measured, unit, predicted, predicted / measured, Hardware.Describe());
    }
}
