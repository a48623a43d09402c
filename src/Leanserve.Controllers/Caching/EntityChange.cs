using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>One change of the store. <see cref="Before"/> is null for an addition, <see cref="After"/> for a deletion.</summary>
internal readonly record struct EntityChange<TEntity>(TEntity? Before, TEntity? After)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The object as last known.</summary>
    public TEntity Latest => After ?? Before!;
}
