namespace Leanserve.Planner;

/// <summary>The cost of a strategy's work on one replica's hardware: the model, perhaps a second one beside it, and the engine's way of scheduling.</summary>
/// <param name="Model">Forward passes of the served model.</param>
/// <param name="Profile">The engine.</param>
/// <param name="ChunkTokens">Tokens of a prompt computed in one step.</param>
/// <param name="Draft">Forward passes of a draft model; null without one.</param>
/// <param name="DraftSteps">Draft steps for each step of the model.</param>
public sealed record EngineCost(ForwardCost Model, EngineProfile Profile, double ChunkTokens, ForwardCost? Draft = null, double DraftSteps = 0)
{
    /// <summary>Seconds of a decode step with <paramref name="requests"/> in service, each halfway through its answer.</summary>
    public double DecodeStepSeconds(RequestShape shape, double requests) => DecodeStepSeconds(shape, requests, requests * shape.MeanOwnSlots);

    /// <summary>Seconds of a decode step with <paramref name="requests"/> in service, which own <paramref name="own"/> slots together.</summary>
    public double DecodeStepSeconds(RequestShape shape, double requests, double own)
    {
        var tokens = requests * shape.TokensPerStepBeside(requests);
        var slots = Profile.SharedPrefix ? shape.SharedTokens + own : (requests * shape.SharedTokens) + own;
        var slotsPerToken = Profile.MasksOthers || requests <= 0 ? slots : shape.SharedTokens + (own / requests);
        var seconds = Model.StepSeconds(tokens, requests, slots, tokens * slotsPerToken);
        return Draft is null ? seconds : seconds + (DraftSteps * Draft.StepSeconds(requests, requests, slots, requests * slotsPerToken));
    }

    /// <summary>Seconds of machine time for one prompt while <paramref name="requests"/> (itself included) are in service.</summary>
    public double PrefillSeconds(RequestShape shape, double promptTokens, double requests)
    {
        var context = shape.SharedTokens + (Profile.MasksOthers ? (requests - 1) * shape.MeanOwnSlots : 0);
        var seconds = Model.PrefillSeconds(promptTokens, context, ChunkTokens);
        return Draft is null ? seconds : seconds + Draft.PrefillSeconds(promptTokens, context, ChunkTokens);
    }

    /// <summary>Steps in which one prompt is computed.</summary>
    public double Chunks(RequestShape shape) => Math.Ceiling(shape.PromptTokens / ChunkTokens);

    /// <summary>Seconds that a step of <paramref name="chunk"/> prompt tokens and one of <paramref name="next"/> next tokens save by being one, its reading of the weights above all.</summary>
    /// <param name="chunk">Prompt tokens.</param>
    /// <param name="chunkSeconds">The weights' and the host's part of a step of these alone.</param>
    /// <param name="next">Next tokens of the others.</param>
    public double SavedBySharing(double chunk, double chunkSeconds, double next) =>
        Profile.MixesPrompts ? chunkSeconds + Model.MixedSeconds(0, next) - Model.MixedSeconds(chunk, next) : 0;
}
