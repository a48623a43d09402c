namespace Leanserve.Engine;

/// <summary>What a request reports while it runs: tokens, the end of each choice, and last one <see cref="GenerationFinished"/>.</summary>
public abstract record GenerationEvent;
