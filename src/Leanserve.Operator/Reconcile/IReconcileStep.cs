namespace Leanserve.Operator.Reconcile;

/// <summary>One step of a reconcile: reads the world, acts idempotently, sets its own condition.</summary>
public interface IReconcileStep
{
    Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken);
}
