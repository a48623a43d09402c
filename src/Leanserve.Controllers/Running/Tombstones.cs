using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>Last states of deleted entities that the controller has not been told of yet; several per key if it was recreated.</summary>
internal sealed class Tombstones<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ConcurrentDictionary<EntityKey, ConcurrentQueue<TEntity>> byKey = new();

    public void Add(TEntity finalState) => byKey.GetOrAdd(EntityKey.Of(finalState), _ => new()).Enqueue(finalState);

    /// <summary>The oldest of the key, still kept; null if there is none.</summary>
    public TEntity? Peek(EntityKey key) => byKey.TryGetValue(key, out var states) && states.TryPeek(out var state) ? state : null;

    /// <summary>Drops the oldest of the key. Only the one worker that holds the key may call it.</summary>
    public void Drop(EntityKey key)
    {
        if (byKey.TryGetValue(key, out var states) && states.TryDequeue(out _) && states.IsEmpty)
        {
            // An addition between the check and the removal puts its state into a queue that is no longer in the dictionary: take it back.
            byKey.TryRemove(key, out _);
            while (states.TryDequeue(out var late))
            {
                Add(late);
            }
        }
    }

    public void Clear() => byKey.Clear();
}
