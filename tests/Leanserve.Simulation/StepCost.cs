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
        var (pieces, computed, pairs, ending) = (0.0, 0.0, 0.0, 0);
        foreach (var prompt in prompts)
        {
            var before = prompt.Computed + (later * prompt.Piece);
            pieces += prompt.Piece;
            computed += before;
            pairs += prompt.Piece * (before + (prompt.Piece / 2));
            ending += prompt.Piece >= prompt.Left ? 1 : 0;
        }

        return cost.StepSeconds(shape, new StepWork(answering, answerSlots, prompts.Count, pieces, computed, pairs, ending));
    }
}
