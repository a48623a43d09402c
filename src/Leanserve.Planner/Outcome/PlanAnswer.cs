namespace Leanserve.Planner;

/// <summary>One of the questions that people ask about a plan, with its answer.</summary>
/// <param name="Question">A word or two, such as <c>Fits?</c>.</param>
/// <param name="Text">The answer with its numbers.</param>
public sealed record PlanAnswer(string Question, string Text);
