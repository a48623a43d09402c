using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>One informer per kind, shared by all who watch it.</summary>
internal sealed class InformerRegistry(
    ApiTransport transport,
    IApiDiscovery discovery,
    OperatorSettings settings,
    OperatorMetrics metrics,
    TimeProvider timeProvider,
    ILoggerFactory loggerFactory)
{
    private readonly ConcurrentDictionary<Type, IInformer> byType = new();

    public IReadOnlyCollection<IInformer> All => [.. byType.Values];

    /// <summary>Makes sure the kind is watched.</summary>
    /// <exception cref="ArgumentException">Another registration wants the same kind with another selector.</exception>
    public Informer<TEntity> Add<TEntity>(string? labelSelector, bool optional)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = (Informer<TEntity>)byType.GetOrAdd(typeof(TEntity), _ => new Informer<TEntity>(
            labelSelector, transport, discovery, settings, metrics, timeProvider, loggerFactory.CreateLogger<Informer<TEntity>>()));
        if (informer.LabelSelector != labelSelector)
        {
            throw new ArgumentException(
                $"{informer.Kind} is watched with label selector '{informer.LabelSelector}' and with '{labelSelector}'; a kind has one "
                + "cache and so one selector. Drop it from one registration and use a predicate there.");
        }

        informer.Required |= !optional;
        return informer;
    }

    /// <summary>The informer of a watched kind.</summary>
    /// <exception cref="ArgumentException">No controller owns, watches or is responsible for the kind.</exception>
    public Informer<TEntity> Get<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        => byType.TryGetValue(typeof(TEntity), out var informer)
            ? (Informer<TEntity>)informer
            : throw new ArgumentException(
                $"{typeof(TEntity)} has no cache: no controller owns or watches it. Add .Owns<{typeof(TEntity).Name}>() or .Watches<…>().");

    /// <summary>The informer of a kind, if it is watched.</summary>
    public IInformer? Find(Type entityType) => byType.GetValueOrDefault(entityType);
}
