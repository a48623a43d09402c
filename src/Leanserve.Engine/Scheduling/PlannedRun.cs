namespace Leanserve.Engine.Scheduling;

/// <summary>Consecutive tokens of one branch within a step.</summary>
/// <param name="Request">Whose branch it is.</param>
/// <param name="Branch">The branch.</param>
/// <param name="FirstRow">Row of its first token in the step.</param>
/// <param name="Count">Tokens, at least one.</param>
/// <param name="LogitRow">Row of the logits after its last token, or −1 where nobody needs them.</param>
internal readonly record struct PlannedRun(ActiveRequest Request, Branch Branch, int FirstRow, int Count, int LogitRow);
