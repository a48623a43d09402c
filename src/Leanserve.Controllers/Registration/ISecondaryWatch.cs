using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>A watch on another kind that wakes entities of <typeparamref name="TEntity"/>.</summary>
internal interface ISecondaryWatch<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Makes sure the kind is watched.</summary>
    IInformer Register(InformerRegistry registry);

    /// <summary>Calls <paramref name="enqueue"/> for every entity that a change matters to, until disposed.</summary>
    IDisposable Subscribe(InformerRegistry registry, IEntityCache<TEntity> entities, Action<EntityKey> enqueue);
}
