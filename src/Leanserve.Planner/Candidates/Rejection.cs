namespace Leanserve.Planner;

/// <summary>Why a candidate cannot be chosen.</summary>
/// <param name="Reason">One of <see cref="RejectionReason"/>.</param>
/// <param name="Message">The offending number, the limit and the remedy.</param>
internal sealed record Rejection(string Reason, string Message);
