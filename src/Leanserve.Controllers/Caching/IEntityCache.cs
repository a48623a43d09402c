using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>
/// Read-only view of all objects of a watched kind, kept current by a watch. Injectable for every kind that some controller owns,
/// watches or is responsible for. Reads cost no request and may be a moment behind the API server.
/// </summary>
/// <remarks>The objects are shared: never change one; copy it first with <see cref="EntityJson.Clone{TEntity}"/>.</remarks>
/// <typeparam name="TEntity">The kind.</typeparam>
public interface IEntityCache<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Whether the first list has arrived. Always true inside a reconcile, save for optional watches.</summary>
    bool HasSynced { get; }

    /// <summary>The object, or null if there is none (<paramref name="namespaceName"/> null: a cluster-scoped one).</summary>
    TEntity? Get(string? namespaceName, string name);

    /// <summary>The object, or null if there is none.</summary>
    TEntity? Get(EntityKey key);

    /// <summary>All objects in the namespace, or (null) everywhere, in no particular order.</summary>
    IReadOnlyList<TEntity> List(string? namespaceName = null);

    /// <summary>All objects that have an owner reference to the object with this UID.</summary>
    IReadOnlyList<TEntity> ListOwnedBy(string ownerUid);
}
