namespace Leanserve.Planner;

/// <summary>A yes or no about the plan, ready to become a condition.</summary>
/// <param name="Holds">True is good.</param>
/// <param name="Reason">One CamelCase word.</param>
/// <param name="Message">A sentence with the number and its limit.</param>
public sealed record PlanFinding(bool Holds, string Reason, string Message);
