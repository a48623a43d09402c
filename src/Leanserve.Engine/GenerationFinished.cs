namespace Leanserve.Engine;

/// <summary>All choices are complete; the last event of a request.</summary>
public sealed record GenerationFinished(TokenUsage Usage, GenerationTimings Timings) : GenerationEvent;
