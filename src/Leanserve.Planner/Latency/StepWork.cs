namespace Leanserve.Planner;

/// <summary>What one step of the engine computes, or an average one of many.</summary>
/// <param name="Answers">Requests that take their next token.</param>
/// <param name="AnswerSlots">Slots that these own.</param>
/// <param name="Prompts">Prompts of which a piece is computed.</param>
/// <param name="PromptTokens">Tokens of the pieces together.</param>
/// <param name="PromptSlots">Slots that earlier pieces of these prompts own.</param>
/// <param name="PromptPairs">Pairs of a token of a piece and a token of the same prompt up to it.</param>
/// <param name="EndingPrompts">Prompts whose last piece it is.</param>
public readonly record struct StepWork(
    double Answers, double AnswerSlots, double Prompts = 0, double PromptTokens = 0, double PromptSlots = 0, double PromptPairs = 0, double EndingPrompts = 0);
