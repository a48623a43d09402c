using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>What a controller for <typeparamref name="TEntity"/> reacts to, and how it runs.</summary>
/// <typeparam name="TEntity">The kind that the controller is responsible for.</typeparam>
public sealed class ControllerBuilder<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly List<ISecondaryWatch<TEntity>> secondaries = [];
    private string? labelSelector;
    private EntityPredicate<TEntity> predicate = EntityPredicates.DesiredStateChanged;
    private int? workers;
    private TimeSpan? resyncPeriod;
    private TimeSpan? reconcileTimeout;

    /// <summary>Responsible only for objects with these labels; one that loses them counts as deleted.</summary>
    public ControllerBuilder<TEntity> WithLabelSelector(string selector)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(selector);
        labelSelector = selector;
        return this;
    }

    /// <summary>Which changes of the entity itself are worth a reconcile. Default: <see cref="EntityPredicates.DesiredStateChanged"/>.</summary>
    public ControllerBuilder<TEntity> WithPredicate(EntityPredicate<TEntity> changes)
    {
        predicate = changes;
        return this;
    }

    /// <summary>Overrides <see cref="OperatorSettings.Workers"/>.</summary>
    public ControllerBuilder<TEntity> WithWorkers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        workers = count;
        return this;
    }

    /// <summary>Overrides <see cref="OperatorSettings.ResyncPeriod"/>.</summary>
    public ControllerBuilder<TEntity> WithResyncPeriod(TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        resyncPeriod = period;
        return this;
    }

    /// <summary>Overrides <see cref="OperatorSettings.ReconcileTimeout"/>.</summary>
    public ControllerBuilder<TEntity> WithReconcileTimeout(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        reconcileTimeout = timeout;
        return this;
    }

    /// <summary>
    /// Reconciles the owner whenever a <typeparamref name="TChild"/> with an owner reference (controller or not) to a
    /// <typeparamref name="TEntity"/> is added, changed or deleted.
    /// </summary>
    public ControllerBuilder<TEntity> Owns<TChild>(Action<WatchOptions<TChild>>? configure = null)
        where TChild : class, IKubernetesObject<V1ObjectMeta>
        => Watches<TChild>(OwnerKeys, configure);

    /// <summary>Reconciles the entities that <paramref name="map"/> names whenever a <typeparamref name="TOther"/> changes.</summary>
    /// <param name="map">From the changed object to the keys of entities it matters to.</param>
    /// <param name="configure">Narrows the watch.</param>
    public ControllerBuilder<TEntity> Watches<TOther>(
        Func<TOther, IEnumerable<EntityKey>> map, Action<WatchOptions<TOther>>? configure = null)
        where TOther : class, IKubernetesObject<V1ObjectMeta>
        => Watches<TOther>((other, _) => map(other), configure);

    /// <summary>
    /// Reconciles the entities that <paramref name="map"/> names whenever a <typeparamref name="TOther"/> changes. On an update it is
    /// called for the object before and after, so that both whom it mattered to and whom it matters to now are reconciled.
    /// </summary>
    /// <param name="map">From the changed object and the cache of entities to the keys of those it matters to; must be quick.</param>
    /// <param name="configure">Narrows the watch.</param>
    public ControllerBuilder<TEntity> Watches<TOther>(
        Func<TOther, IEntityCache<TEntity>, IEnumerable<EntityKey>> map, Action<WatchOptions<TOther>>? configure = null)
        where TOther : class, IKubernetesObject<V1ObjectMeta>
    {
        var options = new WatchOptions<TOther>();
        configure?.Invoke(options);
        secondaries.Add(new SecondaryWatch<TOther, TEntity>(map, options));
        return this;
    }

    internal ControllerOptions<TEntity> Build(OperatorSettings settings, IReadOnlyList<FinalizerRegistration> finalizers)
        => new(
            labelSelector,
            predicate,
            secondaries,
            finalizers,
            workers ?? settings.Workers,
            resyncPeriod ?? settings.ResyncPeriod,
            reconcileTimeout ?? settings.ReconcileTimeout);

    private static IEnumerable<EntityKey> OwnerKeys(IKubernetesObject<V1ObjectMeta> child, IEntityCache<TEntity> owners)
    {
        var kind = EntityKind.Of<TEntity>();
        // By group, not version: an owner reference may have been written through another version of the same kind.
        return (child.Metadata.OwnerReferences ?? [])
            .Where(owner => owner.Kind == kind.Kind && GroupOf(owner.ApiVersion) == kind.Group)
            .Select(owner => owners.Get(null, owner.Name) is { } clusterScoped
                ? EntityKey.Of(clusterScoped)
                : new EntityKey(EntityKey.Of(child).Namespace, owner.Name));
    }

    private static string GroupOf(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? string.Empty : apiVersion[..slash];
    }
}
