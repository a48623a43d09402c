using Leanserve.Cli.Streaming;

namespace Leanserve.Cli.Bench;

/// <summary>What a run measured.</summary>
public sealed record BenchReport
{
    public required string Endpoint { get; init; }

    public required string Model { get; init; }

    /// <summary><c>poisson 2/s</c> or <c>closed 8</c>.</summary>
    public required string Pattern { get; init; }

    /// <summary>False where the run was interrupted: the figures are of the requests answered until then.</summary>
    public required bool Complete { get; init; }

    public required int Succeeded { get; init; }

    public required int Failed { get; init; }

    /// <summary>Failures by cause.</summary>
    public required IReadOnlyDictionary<string, int> Errors { get; init; }

    /// <summary>From the first request to the last answer.</summary>
    public required double DurationSeconds { get; init; }

    public required double RequestsPerSecond { get; init; }

    public required double OutputTokensPerSecond { get; init; }

    public required long PromptTokens { get; init; }

    public required long CachedTokens { get; init; }

    public required long OutputTokens { get; init; }

    /// <summary>Time to first token.</summary>
    public required LatencySummary? TtftMs { get; init; }

    /// <summary>Time between the pieces of a stream, one token each for most servers.</summary>
    public required LatencySummary? ItlMs { get; init; }

    /// <summary>Whole requests.</summary>
    public required LatencySummary? E2eMs { get; init; }

    /// <summary>Sums up a run.</summary>
    public static BenchReport Of(LoadOptions options, string model, IReadOnlyCollection<RequestSample> samples, TimeSpan duration, bool complete)
    {
        var good = samples.Where(sample => sample.Error is null).ToList();
        var seconds = Math.Max(duration.TotalSeconds, 1e-9);
        return new BenchReport
        {
            Endpoint = options.Endpoint.ToString(),
            Model = model,
            Pattern = options.Pattern switch
            {
                LoadPattern.Poisson open => FormattableString.Invariant($"poisson {open.RequestsPerSecond}/s"),
                LoadPattern.Closed closed => FormattableString.Invariant($"closed {closed.Users}"),
                _ => options.Pattern.GetType().Name,
            },
            Complete = complete,
            Succeeded = good.Count,
            Failed = samples.Count - good.Count,
            Errors = samples.Where(sample => sample.Error is not null).GroupBy(sample => sample.Error!).ToDictionary(group => group.Key, group => group.Count()),
            DurationSeconds = Math.Round(duration.TotalSeconds, 3),
            RequestsPerSecond = Math.Round(good.Count / seconds, 3),
            OutputTokensPerSecond = Math.Round(good.Sum(sample => (long)sample.CompletionTokens) / seconds, 3),
            PromptTokens = good.Sum(sample => (long)sample.PromptTokens),
            CachedTokens = good.Sum(sample => (long)sample.CachedTokens),
            OutputTokens = good.Sum(sample => (long)sample.CompletionTokens),
            TtftMs = LatencySummary.Of(good.Select(sample => sample.TimeToFirstToken)),
            ItlMs = LatencySummary.Of(good.SelectMany(sample => sample.InterTokenLatencies)),
            E2eMs = LatencySummary.Of(good.Select(sample => sample.Total)),
        };
    }
}
