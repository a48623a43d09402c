namespace Leanserve.Engine.Scheduling;

/// <summary>Consecutive tokens of one branch within a step.</summary>
/// <param name="Request">Whose branch it is.</param>
/// <param name="Branch">The branch.</param>
/// <param name="FirstRow">Row of its first token in the step.</param>
/// <param name="Count">Tokens, at least one.</param>
/// <param name="LogitRow">Row of the first of its logits.</param>
/// <param name="Logits">Its last tokens after which logits are wanted: none, one, or all of a draft.</param>
internal readonly record struct PlannedRun(ActiveRequest Request, Branch Branch, int FirstRow, int Count, int LogitRow, int Logits);
