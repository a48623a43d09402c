using k8s;
using k8s.Models;

namespace Leanserve.Controllers.Sdk;

/// <summary>Drives the world towards what one entity asks for. One instance per reconcile, from its own service scope.</summary>
/// <typeparam name="TEntity">The kind that this controller is responsible for.</typeparam>
public interface IEntityController<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Compares the entity with the world and repairs the difference. Must be idempotent: it runs on every change of the entity or of
    /// what it owns or watches, on every resync and on every retry. Never runs twice at once for the same entity.
    /// </summary>
    /// <param name="entity">A private copy of the cached entity; changing it changes nothing else.</param>
    /// <param name="cancellationToken">Cancelled by the reconcile timeout, by shutdown and by the loss of leadership.</param>
    /// <returns>Success or failure; a failure, like an exception, is retried with backoff unless it says when.</returns>
    Task<ReconciliationResult<TEntity>> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>
    /// Told once that an entity is gone (or no longer matches the selector). Best effort: deletions that happen while no replica runs
    /// are not seen; clean-up that must happen belongs in an <see cref="IEntityFinalizer{TEntity}"/> or in owner references.
    /// </summary>
    /// <param name="entity">The last state that was seen.</param>
    /// <param name="cancellationToken">As for <see cref="ReconcileAsync"/>.</param>
    /// <returns>Success, or failure to be told again with backoff.</returns>
    Task<ReconciliationResult<TEntity>> DeletedAsync(TEntity entity, CancellationToken cancellationToken);
}
