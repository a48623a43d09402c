using Leanserve.Cli.Bench;
using Leanserve.Cli.Eval.Scoring;

namespace Leanserve.Cli.Eval.Reporting;

/// <summary>What one strategy with one decoding reached. Intervals are of 95 %.</summary>
internal sealed record EvalCell
{
    public required string Strategy { get; init; }

    public required string Decoding { get; init; }

    public required int Answered { get; init; }

    /// <summary>Failures by cause.</summary>
    public required IReadOnlyDictionary<string, int> Errors { get; init; }

    /// <summary>Share of exact matches, Wilson; null where nothing was answered.</summary>
    public Interval? Exact { get; init; }

    /// <summary>Mean token F1, bootstrap.</summary>
    public Interval? F1 { get; init; }

    /// <summary>Exact matches more than the first cell's on the same questions, paired bootstrap; null in the first cell.</summary>
    public Interval? AgainstFirst { get; init; }

    /// <summary>Share of questions for which a retrieved passage holds the evidence, Wilson; null without retrieval.</summary>
    public Interval? Recall { get; init; }

    /// <summary>Share of exact matches where the evidence was retrieved, Wilson.</summary>
    public Interval? ExactWhereFound { get; init; }

    public LatencySummary? TtftMs { get; init; }

    /// <summary>Output tokens for each second of a request, first token included: what one user sees.</summary>
    public double? TokensPerSecond { get; init; }

    public double? MeanPromptTokens { get; init; }

    /// <summary>Of the prompt tokens, the share found in the cache.</summary>
    public double? CachedShare { get; init; }

    /// <summary>Most KV memory that the server used, documents and all concurrent requests; null where it does not say.</summary>
    public long? KvBytes { get; init; }

    /// <summary>Sums up the results of one cell.</summary>
    /// <param name="results">At least one.</param>
    /// <param name="first">The first cell's results by line; null for itself.</param>
    public static EvalCell Of(IReadOnlyList<EvalResult> results, IReadOnlyDictionary<int, bool>? first)
    {
        var good = results.Where(result => result.Error is null).ToList();
        var cell = new EvalCell
        {
            Strategy = results[0].Strategy,
            Decoding = results[0].Decoding,
            Answered = good.Count,
            Errors = results.Where(result => result.Error is not null).GroupBy(result => result.Error!).ToDictionary(group => group.Key, group => group.Count()),
        };
        return good.Count == 0 ? cell : Measure(cell, good, first);
    }

    private static EvalCell Measure(EvalCell cell, List<EvalResult> good, IReadOnlyDictionary<int, bool>? first)
    {
        var looked = good.Where(result => result.Found is not null).ToList();
        var found = looked.Where(result => result.Found == true).ToList();
        var gains = first is null ? [] : good.Where(result => first.ContainsKey(result.Line)).Select(result => Point(result.Exact) - Point(first[result.Line])).ToList();
        long prompt = good.Sum(result => (long)result.PromptTokens);
        return cell with
        {
            Exact = Confidence.Wilson(good.Count(result => result.Exact), good.Count),
            F1 = Confidence.Bootstrap([.. good.Select(result => result.F1)]),
            AgainstFirst = gains.Count == 0 ? null : Confidence.Bootstrap(gains),
            Recall = looked.Count == 0 ? null : Confidence.Wilson(found.Count, looked.Count),
            ExactWhereFound = found.Count == 0 ? null : Confidence.Wilson(found.Count(result => result.Exact), found.Count),
            TtftMs = LatencySummary.Of(good.Select(result => TimeSpan.FromMilliseconds(result.TtftMs))),
            TokensPerSecond = good.Sum(result => (double)result.CompletionTokens) / Math.Max(1e-9, good.Sum(result => result.TotalMs) / 1000),
            MeanPromptTokens = (double)prompt / good.Count,
            CachedShare = prompt == 0 ? null : (double)good.Sum(result => (long)result.CachedTokens) / prompt,
            KvBytes = good.Max(result => result.KvBytes),
        };
    }

    private static double Point(bool exact) => exact ? 1 : 0;
}
