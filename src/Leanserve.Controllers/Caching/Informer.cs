using System.Globalization;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>Keeps the store of one kind current through a <see cref="Reflector{TEntity}"/> and tells subscribers of every change.</summary>
internal sealed class Informer<TEntity> : IInformer, IEntityCache<TEntity>, IReflectorSink<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly EntityStore<TEntity> store = new();
    private readonly Lock writeLock = new();
    private readonly List<Action<EntityChange<TEntity>>> subscribers = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Reflector<TEntity> reflector;
    private readonly OperatorMetrics metrics;
    private readonly ILogger logger;
    private volatile string? resourceVersion;

    public Informer(
        string? labelSelector,
        ApiTransport transport,
        IApiDiscovery discovery,
        OperatorSettings settings,
        OperatorMetrics metrics,
        TimeProvider timeProvider,
        ILogger logger)
    {
        LabelSelector = labelSelector;
        this.metrics = metrics;
        this.logger = logger;
        reflector = new Reflector<TEntity>(labelSelector, this, transport, discovery, settings, metrics, timeProvider, logger);
    }

    public EntityKind Kind { get; } = EntityKind.Of<TEntity>();

    public string? LabelSelector { get; }

    /// <summary>Whether reconciles must wait for the first list even if it is refused.</summary>
    public bool Required { get; set; }

    public bool HasSynced => resourceVersion is not null;

    public bool IsReady => ready.Task.IsCompletedSuccessfully;

    public Task WhenReady => ready.Task;

    public Task RunAsync(CancellationToken cancellationToken) => reflector.RunAsync(cancellationToken);

    public TEntity? Get(string? namespaceName, string name) => store.Get(new EntityKey(namespaceName, name));

    public TEntity? Get(EntityKey key) => store.Get(key);

    public IReadOnlyList<TEntity> List(string? namespaceName = null) => store.List(namespaceName);

    public IReadOnlyList<TEntity> ListOwnedBy(string ownerUid) => store.ListOwnedBy(ownerUid);

    public bool HasObserved(EntityKey key, string version)
        => IsAtLeast(resourceVersion, version) || IsAtLeast(store.Get(key)?.Metadata.ResourceVersion, version);

    /// <summary>Subscribes; all present objects are replayed as additions first. Callbacks come one at a time and must be quick.</summary>
    public IDisposable Subscribe(Action<EntityChange<TEntity>> onChange)
    {
        lock (writeLock)
        {
            subscribers.Add(onChange);
            foreach (var entity in store.List(null))
            {
                Notify(onChange, new(null, entity));
            }
        }

        return new Subscription(() =>
        {
            lock (writeLock)
            {
                subscribers.Remove(onChange);
            }
        });
    }

    void IReflectorSink<TEntity>.Replace(IReadOnlyList<TEntity> entities, string version)
    {
        Write(version, () => store.Replace(entities));
        ready.TrySetResult();
    }

    void IReflectorSink<TEntity>.Upsert(TEntity entity) => Write(entity.Metadata.ResourceVersion, () => store.Upsert(entity));

    void IReflectorSink<TEntity>.Remove(TEntity finalState)
        => Write(finalState.Metadata.ResourceVersion, () => store.Remove(finalState));

    void IReflectorSink<TEntity>.Bookmark(string version) => resourceVersion = version;

    void IReflectorSink<TEntity>.Refused()
    {
        if (!Required)
        {
            ready.TrySetResult();
        }
    }

    private void Write(string version, Func<IReadOnlyList<EntityChange<TEntity>>> write)
    {
        lock (writeLock)
        {
            var changes = write();
            resourceVersion = version;
            metrics.Cached(Kind, store.Count);
            foreach (var change in changes)
            {
                foreach (var subscriber in subscribers)
                {
                    Notify(subscriber, change);
                }
            }
        }
    }

    private void Notify(Action<EntityChange<TEntity>> subscriber, EntityChange<TEntity> change)
    {
        try
        {
            subscriber(change);
        }
        catch (Exception e)
        {
            // A faulty predicate or mapper of one controller must not end the watch that all share.
            logger.LogError(e, "A subscriber to {Kind} failed on {Key}", Kind, EntityKey.Of(change.Latest));
        }
    }

    // Resource versions of one resource are ordered numbers; Kubernetes documents the comparison since 1.35 and never broke it before.
    private static bool IsAtLeast(string? version, string wanted)
        => ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var have)
            && ulong.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var want)
            && have >= want;

    private sealed class Subscription(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
