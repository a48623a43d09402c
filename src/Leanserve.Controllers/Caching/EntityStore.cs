using System.Collections.Immutable;
using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>
/// The objects of one kind, indexed by key and owner. Writers are serialised by the caller; readers see consistent snapshots and
/// never wait. Every write returns the differences it made, so that a deletion that happened unseen shows as one.
/// </summary>
internal sealed class EntityStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private volatile Snapshot current = Snapshot.Empty;

    public int Count => current.Items.Count;

    public TEntity? Get(EntityKey key) => current.Items.GetValueOrDefault(key);

    public IReadOnlyList<TEntity> List(string? namespaceName)
    {
        var items = current.Items;
        return namespaceName is null ? [.. items.Values] : [.. items.Where(i => i.Key.Namespace == namespaceName).Select(i => i.Value)];
    }

    public IReadOnlyList<TEntity> ListOwnedBy(string ownerUid)
    {
        var snapshot = current;
        return snapshot.ByOwner.TryGetValue(ownerUid, out var keys) ? [.. keys.Select(k => snapshot.Items[k])] : [];
    }

    /// <summary>Makes the store hold exactly these objects.</summary>
    public IReadOnlyList<EntityChange<TEntity>> Replace(IEnumerable<TEntity> objects)
    {
        var before = current;
        var after = Snapshot.Empty.ToBuilder();
        var changes = new List<EntityChange<TEntity>>();
        foreach (var entity in objects)
        {
            after.Set(entity);
        }

        foreach (var (key, old) in before.Items)
        {
            if (!after.Items.ContainsKey(key))
            {
                changes.Add(new(old, null));
            }
        }

        foreach (var (key, entity) in after.Items)
        {
            AddDifference(changes, before.Items.GetValueOrDefault(key), entity);
        }

        current = after.Build();
        return changes;
    }

    /// <summary>Adds or replaces one object.</summary>
    public IReadOnlyList<EntityChange<TEntity>> Upsert(TEntity entity)
    {
        var changes = new List<EntityChange<TEntity>>(1);
        AddDifference(changes, Get(EntityKey.Of(entity)), entity);
        if (changes.Count > 0)
        {
            var builder = current.ToBuilder();
            builder.Set(entity);
            current = builder.Build();
        }

        return changes;
    }

    /// <summary>Removes one object; <paramref name="finalState"/> is what the deletion event carried.</summary>
    public IReadOnlyList<EntityChange<TEntity>> Remove(TEntity finalState)
    {
        var key = EntityKey.Of(finalState);
        if (Get(key) is not { } old)
        {
            return [];
        }

        var builder = current.ToBuilder();
        builder.Remove(key);
        current = builder.Build();
        return [new(old.Metadata.Uid == finalState.Metadata.Uid ? finalState : old, null)];
    }

    private static void AddDifference(List<EntityChange<TEntity>> changes, TEntity? old, TEntity entity)
    {
        if (old is null)
        {
            changes.Add(new(null, entity));
        }
        else if (old.Metadata.Uid != entity.Metadata.Uid)
        {
            // Deleted and recreated while nobody watched: two objects, so two changes.
            changes.Add(new(old, null));
            changes.Add(new(null, entity));
        }
        else if (old.Metadata.ResourceVersion != entity.Metadata.ResourceVersion)
        {
            changes.Add(new(old, entity));
        }
    }

    private sealed record Snapshot(
        ImmutableDictionary<EntityKey, TEntity> Items, ImmutableDictionary<string, ImmutableHashSet<EntityKey>> ByOwner)
    {
        public static readonly Snapshot Empty =
            new(ImmutableDictionary<EntityKey, TEntity>.Empty, ImmutableDictionary<string, ImmutableHashSet<EntityKey>>.Empty);

        public Builder ToBuilder() => new(Items.ToBuilder(), ByOwner.ToBuilder());
    }

    private sealed record Builder(
        ImmutableDictionary<EntityKey, TEntity>.Builder Items, ImmutableDictionary<string, ImmutableHashSet<EntityKey>>.Builder ByOwner)
    {
        public Snapshot Build() => new(Items.ToImmutable(), ByOwner.ToImmutable());

        public void Set(TEntity entity)
        {
            var key = EntityKey.Of(entity);
            Remove(key);
            Items[key] = entity;
            foreach (var owner in OwnersOf(entity))
            {
                ByOwner[owner] = ByOwner.GetValueOrDefault(owner, []).Add(key);
            }
        }

        public void Remove(EntityKey key)
        {
            if (!Items.Remove(key, out var old))
            {
                return;
            }

            foreach (var owner in OwnersOf(old))
            {
                var rest = ByOwner[owner].Remove(key);
                if (rest.IsEmpty)
                {
                    ByOwner.Remove(owner);
                }
                else
                {
                    ByOwner[owner] = rest;
                }
            }
        }

        private static IEnumerable<string> OwnersOf(TEntity entity)
            => (entity.Metadata.OwnerReferences ?? []).Select(o => o.Uid).Distinct();
    }
}
