using System.Collections.Concurrent;

namespace Leanserve.Controllers;

/// <summary>For each key the writes of its last reconciles that the caches do not show yet.</summary>
internal sealed class OwnWrites(InformerRegistry registry, TimeProvider timeProvider)
{
    /// <summary>
    /// Longest wait. A cache that lags more than this is cut off from its watch; then acting on it is no worse than for any operator,
    /// and a repair of something else should not wait for it.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<EntityKey, (long Since, IReadOnlyList<OwnWrite> Writes)> pending = new();

    public void Set(EntityKey key, IReadOnlyList<OwnWrite> writes)
    {
        if (writes.Count > 0)
        {
            pending[key] = (timeProvider.GetTimestamp(), writes);
        }
    }

    /// <summary>Whether the caches show all that earlier reconciles of the key wrote.</summary>
    public bool AreObserved(EntityKey key)
    {
        if (!pending.TryGetValue(key, out var own))
        {
            return true;
        }

        var observed = timeProvider.GetElapsedTime(own.Since) > Patience
            || own.Writes.All(w => registry.Find(w.EntityType) is not { IsReady: true } cache || cache.HasObserved(w.Key, w.ResourceVersion));
        if (observed)
        {
            pending.TryRemove(key, out _);
        }

        return observed;
    }
}
