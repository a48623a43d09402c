using Leanserve.Planner;

namespace Leanserve.Simulation;

/// <summary>Seconds of one step of the engine: the next tokens of all answers, and pieces of prompts beside them.</summary>
internal sealed class StepCost(SimulatedReplica replica)
{
    private readonly EngineCost cost = replica.Cost;
    private readonly RequestShape shape = replica.Shape;

    /// <param name="answering">Requests that take their next token.</param>
    /// <param name="answerSlots">Slots that these own.</param>
    /// <param name="prompts">Prompts in computation.</param>
    /// <param name="later">Steps from now, each with the same pieces of the same prompts; slots are counted as they are then.</param>
    public double Seconds(int answering, double answerSlots, IReadOnlyList<PromptInComputation> prompts, int later)
    {
        answerSlots += later * answering * shape.TokensGainedBeside(answering) * shape.SlotsPerOutputToken;
        var (pieces, computed, ending) = (0.0, 0.0, 0);
        foreach (var prompt in prompts)
        {
            pieces += prompt.Piece;
            computed += prompt.Computed + (later * prompt.Piece);
            ending += prompt.Piece >= prompt.Left ? 1 : 0;
        }

        if (pieces == 0)
        {
            return Answering(answering, answerSlots + (cost.Profile.MasksOthers ? computed : 0));
        }

        var seconds = cost.Profile.MasksOthers
            ? BesideWeights(pieces, shape.SharedTokens + answerSlots + computed)
            : prompts.Sum(prompt => BesideWeights(prompt.Piece, shape.SharedTokens + prompt.Computed + (later * prompt.Piece)));
        seconds += cost.Model.MixedSeconds(pieces, answering * shape.TokensPerStepBeside(answering)) + (ending * cost.Profile.SecondsPerSequence);
        return answering == 0
            ? seconds
            : seconds + Answering(answering, answerSlots + (cost.Profile.MasksOthers ? computed : 0)) - cost.Model.MixedSeconds(0, answering * shape.TokensPerStepBeside(answering));
    }

    private double Answering(int requests, double slots) => cost.DecodeStepSeconds(shape, requests, slots);

    // Attention, reading of the cache and the host's work for a piece of a prompt.
    private double BesideWeights(double piece, double context) =>
        piece == 0 ? 0 : cost.Model.PrefillSeconds(piece, context, piece) - cost.Model.MixedSeconds(piece, 0) - cost.Profile.SecondsPerSequence;
}
