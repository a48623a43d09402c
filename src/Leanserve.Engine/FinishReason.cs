namespace Leanserve.Engine;

/// <summary>Why a choice ended.</summary>
public enum FinishReason
{
    /// <summary>An end token or a stop string.</summary>
    Stop,

    /// <summary>The request's <see cref="GenerationRequest.MaxTokens"/>.</summary>
    Length,
}
