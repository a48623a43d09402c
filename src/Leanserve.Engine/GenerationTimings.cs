namespace Leanserve.Engine;

/// <summary>Where a request's time went.</summary>
/// <param name="Queued">From submission to admission.</param>
/// <param name="TimeToFirstToken">From submission to the first token.</param>
/// <param name="PerToken">Mean time between tokens after the first; zero where there was but one.</param>
/// <param name="Total">From submission to the end.</param>
public readonly record struct GenerationTimings(TimeSpan Queued, TimeSpan TimeToFirstToken, TimeSpan PerToken, TimeSpan Total);
