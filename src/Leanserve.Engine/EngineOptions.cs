using Leanserve.Contracts;

namespace Leanserve.Engine;

/// <summary>How the engine schedules.</summary>
public sealed record EngineOptions
{
    /// <summary>What the engine admits and how long its prefill chunks are.</summary>
    public required EngineLimits Limits { get; init; }

    /// <summary>Whether finished prompts and answers stay cached for later requests that start alike, until their slots are needed.</summary>
    /// <value>The default value is true.</value>
    public bool ReusePrefixes { get; init; } = true;
}
