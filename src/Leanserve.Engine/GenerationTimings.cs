namespace Leanserve.Engine;

/// <summary>Where a request's time went.</summary>
/// <param name="Queued">From submission to admission.</param>
/// <param name="Prefilled">From submission until the prompt was computed, and with it the first token.</param>
/// <param name="TimeToFirstToken">From submission until the first token was handed out: for a search, which has none to show before its end, with the last.</param>
/// <param name="PerToken">Mean time between tokens after the first, as they were computed; zero where there was but one.</param>
/// <param name="Total">From submission to the end.</param>
public readonly record struct GenerationTimings(TimeSpan Queued, TimeSpan Prefilled, TimeSpan TimeToFirstToken, TimeSpan PerToken, TimeSpan Total);
