using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>Narrows a watch.</summary>
/// <typeparam name="TEntity">The kind that is watched.</typeparam>
public sealed class WatchOptions<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Only objects with these labels are listed, cached and seen; e.g. <c>app.kubernetes.io/managed-by=x</c>. All registrations of
    /// one kind share one cache and must agree on it.
    /// </summary>
    public string? LabelSelector { get; set; }

    /// <summary>Which changes are worth a reconcile; null: all.</summary>
    public EntityPredicate<TEntity>? Predicate { get; set; }

    /// <summary>
    /// True: reconciles need not wait for this kind if the API server does not serve it or forbids it; it is picked up as soon as it
    /// does. For kinds that old clusters lack, and for cluster-scoped kinds where only a Role is granted.
    /// </summary>
    public bool Optional { get; set; }
}
