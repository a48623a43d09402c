using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>Takes what a reflector sees, in order.</summary>
internal interface IReflectorSink<in TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>A complete list at <paramref name="version"/>.</summary>
    void Replace(IReadOnlyList<TEntity> entities, string version);

    void Upsert(TEntity entity);

    void Remove(TEntity finalState);

    /// <summary>Nothing changed up to <paramref name="version"/>.</summary>
    void Bookmark(string version);

    /// <summary>The kind is not served, or we may not list it.</summary>
    void Refused();
}
