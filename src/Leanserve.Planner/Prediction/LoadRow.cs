namespace Leanserve.Planner;

/// <summary>One row of a <see cref="LoadTable"/>.</summary>
/// <param name="Load">The load.</param>
/// <param name="Engine">The engine's name as written.</param>
/// <param name="Gpu">The GPU's name as written.</param>
/// <param name="TtftMilliseconds">Measured time to first token; null where it was not.</param>
/// <param name="ItlMilliseconds">Measured inter-token latency; null where it was not.</param>
/// <param name="Saturated">Whether the load was past capacity; null where nobody said.</param>
public sealed record LoadRow(MeasuredLoad Load, string Engine, string Gpu, double? TtftMilliseconds, double? ItlMilliseconds, bool? Saturated);
