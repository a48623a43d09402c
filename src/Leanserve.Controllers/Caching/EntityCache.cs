using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>What dependency injection hands out as <see cref="IEntityCache{TEntity}"/>: the informer of the kind.</summary>
internal sealed class EntityCache<TEntity>(InformerRegistry registry) : IEntityCache<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Informer<TEntity> informer = registry.Get<TEntity>();

    public bool HasSynced => informer.HasSynced;

    public TEntity? Get(string? namespaceName, string name) => informer.Get(namespaceName, name);

    public TEntity? Get(EntityKey key) => informer.Get(key);

    public IReadOnlyList<TEntity> List(string? namespaceName = null) => informer.List(namespaceName);

    public IReadOnlyList<TEntity> ListOwnedBy(string ownerUid) => informer.ListOwnedBy(ownerUid);
}
