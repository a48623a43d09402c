using Leanserve.Contracts;

namespace Leanserve.Operator.Reconcile;

/// <summary>What is known from inspection pods about a resource's model and documents.</summary>
/// <param name="Report">The newest report of the model as the resource names it now; its documents may be older than <paramref name="IsCurrent"/> demands.</param>
/// <param name="IsCurrent">Whether the report describes the model and the documents as they are now.</param>
/// <param name="Failure">Why the newest inspection gave no report, or null.</param>
public sealed record Inspection(InspectionReport? Report, bool IsCurrent, string? Failure)
{
    /// <summary>Nothing to inspect, or nothing known yet.</summary>
    public static Inspection None { get; } = new(null, false, null);
}
