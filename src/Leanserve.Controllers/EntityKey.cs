using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>Names one object of a kind.</summary>
/// <param name="Namespace">Null for cluster-scoped kinds.</param>
/// <param name="Name">The object's name.</param>
public readonly record struct EntityKey(string? Namespace, string Name)
{
    /// <summary>The key of <paramref name="entity"/>.</summary>
    public static EntityKey Of(IKubernetesObject<V1ObjectMeta> entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        // The API reports cluster-scoped objects with no namespace, hand-made ones may say "": one spelling, or keys would not match.
        var ns = entity.Metadata.NamespaceProperty;
        return new(string.IsNullOrEmpty(ns) ? null : ns, entity.Metadata.Name);
    }

    /// <inheritdoc />
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
