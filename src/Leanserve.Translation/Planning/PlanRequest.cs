using Leanserve.Planner;

namespace Leanserve.Translation.Planning;

/// <summary>A deployment as the planner takes it, or why it cannot be planned.</summary>
public sealed record PlanRequest
{
    /// <summary>The planner's input; null when there are violations.</summary>
    public PlanInput? Input { get; init; }

    /// <summary>Every rule that the resource breaks, and every figure that is neither stated nor measured.</summary>
    public IReadOnlyList<Violation> Violations { get; init; } = [];

    /// <summary>Stated values that measurements contradict.</summary>
    public IReadOnlyList<Contradiction> Contradictions { get; init; } = [];
}
