namespace Leanserve.Operator.Reconcile;

/// <summary>How a step of a reconcile ended. Closed: these four and no others.</summary>
public abstract record StepResult
{
    private StepResult()
    {
    }

    /// <summary>The step is done; the next one runs.</summary>
    public static StepResult Next { get; } = new Continue();

    /// <summary>The step is done; the next one runs.</summary>
    public sealed record Continue : StepResult;

    /// <summary>Something outside must happen first; what has been set up stays. Looked at again when a watched object changes, or after a while.</summary>
    /// <param name="Reason">CamelCase, as in the condition.</param>
    /// <param name="Message">What is awaited.</param>
    /// <param name="After">When to look again even if nothing is seen to change.</param>
    public sealed record Wait(string Reason, string Message, TimeSpan After) : StepResult;

    /// <summary>Only a change of the resource itself can help.</summary>
    /// <param name="Reason">CamelCase, as in the condition.</param>
    /// <param name="Message">The offending value, the rule and the remedy.</param>
    public sealed record Stalled(string Reason, string Message) : StepResult;
}
