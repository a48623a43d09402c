namespace Leanserve.Planner;

/// <summary>The cost of a strategy's work on one replica's hardware: the model, perhaps a second one beside it, and the engine's way of scheduling.</summary>
/// <param name="Model">Forward passes of the served model.</param>
/// <param name="Profile">The engine.</param>
/// <param name="ChunkTokens">Tokens of a prompt computed in one step.</param>
/// <param name="Draft">Forward passes of a second model, which drafts or shortens prompts; null without one.</param>
/// <param name="DraftSteps">Draft steps for each step of the model.</param>
public sealed record EngineCost(ForwardCost Model, EngineProfile Profile, double ChunkTokens, ForwardCost? Draft = null, double DraftSteps = 0)
{
    /// <summary>Seconds of a step with the next tokens of <paramref name="requests"/>, each halfway through its answer.</summary>
    public double DecodeStepSeconds(RequestShape shape, double requests) => StepSeconds(shape, new StepWork(requests, requests * shape.MeanOwnSlots));

    /// <summary>Seconds of one step. A prefix that all requests share is read once for answers and prompts together where the engine shares it.</summary>
    public double StepSeconds(RequestShape shape, in StepWork work)
    {
        var next = work.Answers * shape.TokensPerStepBeside(work.Answers);
        var own = work.AnswerSlots + work.PromptSlots;
        var slots = ((Profile.SharedPrefix ? 1 : work.Answers + work.Prompts) * shape.SharedTokens) + own;
        var slotsPerToken = Profile.MasksOthers ? shape.SharedTokens + own : shape.SharedTokens + (work.AnswerSlots / Math.Max(work.Answers, 1));
        var promptPairs = Profile.MasksOthers
            ? work.PromptTokens * (slotsPerToken + (work.PromptTokens / 2))
            : (work.PromptTokens * shape.SharedTokens) + work.PromptPairs;
        var seconds = Model.StepSeconds(work.PromptTokens, next, work.Answers + work.EndingPrompts, slots, (next * slotsPerToken) + promptPairs);
        if (Draft is null)
        {
            return seconds;
        }

        seconds += DraftSteps * Draft.StepSeconds(0, work.Answers, work.Answers, slots, work.Answers * slotsPerToken);
        return work.PromptTokens > 0 ? seconds + Draft.StepSeconds(work.PromptTokens, 0, work.EndingPrompts, slots, promptPairs) : seconds;
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

    /// <summary>
    /// Seconds that a step of <paramref name="chunk"/> prompt tokens and one of <paramref name="next"/> next tokens save by being one: its reading of the weights and
    /// of a prefix that both share above all.
    /// </summary>
    /// <param name="shape">What requests share.</param>
    /// <param name="chunk">Prompt tokens.</param>
    /// <param name="chunkSeconds">The weights' and the host's part of a step of these alone.</param>
    /// <param name="next">Next tokens of the others.</param>
    public double SavedBySharing(RequestShape shape, double chunk, double chunkSeconds, double next) => Profile.MixesPrompts
        ? chunkSeconds + Model.WeightsSeconds(0, next) - Model.WeightsSeconds(chunk, next) + (Profile.SharedPrefix ? Model.ReadSeconds(shape.SharedTokens) : 0)
        : 0;

    /// <summary>Seconds by which the weights' and the host's part of a second prompt in one step exceeds that of the first, which is what it adds to a step without.</summary>
    /// <param name="chunk">Prompt tokens of each.</param>
    /// <param name="next">Next tokens of the others.</param>
    public double LostBySharing(double chunk, double next) => Profile.MixesPrompts
        ? Model.WeightsSeconds(2 * chunk, next) - (2 * Model.WeightsSeconds(chunk, next)) + Model.WeightsSeconds(0, next)
        : Model.WeightsSeconds(2 * chunk, 0) - (2 * Model.WeightsSeconds(chunk, 0));
}
