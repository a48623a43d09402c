using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <inheritdoc cref="ISecondaryWatch{TEntity}" />
internal sealed class SecondaryWatch<TOther, TEntity>(
    Func<TOther, IEntityCache<TEntity>, IEnumerable<EntityKey>> map, WatchOptions<TOther> options) : ISecondaryWatch<TEntity>
    where TOther : class, IKubernetesObject<V1ObjectMeta>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public IInformer Register(InformerRegistry registry) => registry.Add<TOther>(options.LabelSelector, options.Optional);

    public IDisposable Subscribe(InformerRegistry registry, IEntityCache<TEntity> entities, Action<EntityKey> enqueue)
        => registry.Get<TOther>().Subscribe(change =>
        {
            if (options.Predicate is { } predicate && !predicate(change.Before, change.After))
            {
                return;
            }

            foreach (var key in KeysOf(change, entities))
            {
                enqueue(key);
            }
        });

    private HashSet<EntityKey> KeysOf(EntityChange<TOther> change, IEntityCache<TEntity> entities)
    {
        var keys = new HashSet<EntityKey>();
        if (change.Before is { } before)
        {
            keys.UnionWith(map(before, entities));
        }

        if (change.After is { } after)
        {
            keys.UnionWith(map(after, entities));
        }

        return keys;
    }
}
