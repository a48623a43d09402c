using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>
/// All writes to the API server, and the few reads that must be fresh. Refuses to write when this replica does not lead. Waits out
/// 429 answers as their Retry-After asks. Never sends a whole object back: fields that our types do not know survive.
/// </summary>
/// <remarks>Faults are thrown as <see cref="ApiException"/>; the worker retries the reconcile with backoff.</remarks>
public interface IEntityWriter
{
    /// <summary>
    /// Server-side apply with our one field manager, forced: creates the object or makes exactly the given fields ours; fields that
    /// we applied before and no longer give are removed; fields of others stay.
    /// </summary>
    /// <param name="desired">Name, namespace, labels, owner references and the fields to own. apiVersion and kind are filled in.</param>
    /// <param name="cancellationToken">Aborts the request.</param>
    /// <returns>The object as the API server now has it.</returns>
    Task<TEntity> ApplyAsync<TEntity>(TEntity desired, CancellationToken cancellationToken)
        where TEntity : IKubernetesObject<V1ObjectMeta>;

    /// <summary>Creates an object; for kinds that must not be changed afterwards. Null if one of that name exists already.</summary>
    Task<TEntity?> CreateAsync<TEntity>(TEntity desired, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Changes the status subresource: runs <paramref name="mutate"/> on a copy of <paramref name="cached"/>, sends the difference as
    /// a merge patch and nothing at all if there is none. On a conflict it reads afresh and runs <paramref name="mutate"/> again.
    /// </summary>
    /// <param name="cached">The entity as read from the cache or passed to the reconcile.</param>
    /// <param name="mutate">Sets the status; may run more than once, so it must depend only on its argument and fixed values.</param>
    /// <param name="cancellationToken">Aborts the request.</param>
    /// <returns>The entity with its new status; the given one if nothing differed; null if it no longer exists.</returns>
    Task<TEntity?> PatchStatusAsync<TEntity>(TEntity cached, Action<TEntity> mutate, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>As <see cref="PatchStatusAsync"/>, for the main resource (metadata and spec).</summary>
    Task<TEntity?> PatchAsync<TEntity>(TEntity cached, Action<TEntity> mutate, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Reads one object from the API server, past the cache. Null if it does not exist.</summary>
    Task<TEntity?> ReadAsync<TEntity>(EntityKey key, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Deletes exactly this object (not a newer one of the same name), dependants in the background. False if it was gone already.
    /// </summary>
    Task<bool> DeleteAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : IKubernetesObject<V1ObjectMeta>;
}
