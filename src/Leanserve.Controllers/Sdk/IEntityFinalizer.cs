using k8s;
using k8s.Models;

namespace Leanserve.Controllers.Sdk;

/// <summary>Clean-up that must happen before an entity may disappear.</summary>
/// <typeparam name="TEntity">The kind that is finalized.</typeparam>
public interface IEntityFinalizer<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Cleans up; must be idempotent. The finalizer is taken off the entity only after success, and was put on before the first
    /// reconcile, so whatever a reconcile did outside the cluster is always followed by this.
    /// </summary>
    /// <param name="entity">A private copy of the entity, with its deletion timestamp set.</param>
    /// <param name="cancellationToken">Cancelled by the reconcile timeout, by shutdown and by the loss of leadership.</param>
    /// <returns>Success, or failure to be retried with backoff.</returns>
    Task<ReconciliationResult<TEntity>> FinalizeAsync(TEntity entity, CancellationToken cancellationToken);
}
