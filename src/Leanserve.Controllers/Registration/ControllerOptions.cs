using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>A controller's registration, complete.</summary>
internal sealed record ControllerOptions<TEntity>(
    string? LabelSelector,
    EntityPredicate<TEntity> Predicate,
    IReadOnlyList<ISecondaryWatch<TEntity>> Secondaries,
    IReadOnlyList<FinalizerRegistration> Finalizers,
    int Workers,
    TimeSpan ResyncPeriod,
    TimeSpan ReconcileTimeout)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;
