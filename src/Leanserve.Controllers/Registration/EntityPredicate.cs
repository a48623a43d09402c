using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>Whether a change is worth a reconcile. Resyncs, retries and requeues are never filtered.</summary>
/// <param name="before">The object before; null if it was added.</param>
/// <param name="after">The object now; null if it was deleted.</param>
public delegate bool EntityPredicate<in TEntity>(TEntity? before, TEntity? after)
    where TEntity : IKubernetesObject<V1ObjectMeta>;
