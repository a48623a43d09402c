using Leanserve.Contracts;

namespace Leanserve.Engine;

/// <summary>How the engine schedules.</summary>
public sealed record EngineOptions
{
    /// <summary>What the engine admits and how long its prefill chunks are.</summary>
    public required EngineLimits Limits { get; init; }

    /// <summary>Most tokens that n-gram lookup drafts in one step, over all answers; 0 drafts none. Answers are the same with any number.</summary>
    /// <value>The default value is 0.</value>
    public int DraftTokens { get; init; }

    /// <summary>Whether finished prompts and answers stay cached for later requests that start alike, until their slots are needed.</summary>
    /// <value>The default value is true.</value>
    public bool ReusePrefixes { get; init; } = true;
}
