using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>Ready-made predicates.</summary>
public static class EntityPredicates
{
    /// <summary>
    /// Anything but the status changed: generation, labels, annotations, finalizers, owners or deletion. For a controller's own kind
    /// it keeps the controller's status writes from waking it. Kinds without a generation always pass.
    /// </summary>
    public static bool DesiredStateChanged<TEntity>(TEntity? before, TEntity? after)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        if (before is null || after is null)
        {
            return true;
        }

        V1ObjectMeta a = before.Metadata, b = after.Metadata;
        return b.Generation is null
            || a.Generation != b.Generation
            || a.Uid != b.Uid
            || a.DeletionTimestamp != b.DeletionTimestamp
            || !SameEntries(a.Labels, b.Labels)
            || !SameEntries(a.Annotations, b.Annotations)
            || !(a.Finalizers ?? []).SequenceEqual(b.Finalizers ?? [])
            || !(a.OwnerReferences ?? []).Select(o => o.Uid).SequenceEqual((b.OwnerReferences ?? []).Select(o => o.Uid));
    }

    private static bool SameEntries(IDictionary<string, string>? a, IDictionary<string, string>? b)
        => (a?.Count ?? 0) == (b?.Count ?? 0)
            && (a is null || a.All(entry => b!.TryGetValue(entry.Key, out var value) && value == entry.Value));
}
