using System.Collections.Concurrent;
using System.Reflection;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>Where a kind lives in the API.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version, e.g. <c>v1</c>.</param>
/// <param name="Kind">Kind, e.g. <c>ConfigMap</c>.</param>
/// <param name="Plural">Resource name in URLs, e.g. <c>configmaps</c>.</param>
public sealed record EntityKind(string Group, string Version, string Kind, string Plural)
{
    private static readonly ConcurrentDictionary<Type, EntityKind> ByType = new();

    /// <summary>The <c>apiVersion</c> field of its objects.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The kind of entity type <typeparamref name="TEntity"/>, from its <see cref="KubernetesEntityAttribute"/>.</summary>
    public static EntityKind Of<TEntity>() => Of(typeof(TEntity));

    /// <summary>The kind of entity type <paramref name="entityType"/>, from its <see cref="KubernetesEntityAttribute"/>.</summary>
    /// <exception cref="ArgumentException">The type has no such attribute, or one without a plural name.</exception>
    public static EntityKind Of(Type entityType) => ByType.GetOrAdd(entityType, static type =>
    {
        var attribute = type.GetCustomAttribute<KubernetesEntityAttribute>();
        if (attribute is null || string.IsNullOrEmpty(attribute.PluralName) || string.IsNullOrEmpty(attribute.ApiVersion))
        {
            throw new ArgumentException(
                $"{type} cannot be used as an entity: it needs [KubernetesEntity] with Group, ApiVersion, Kind and PluralName. Add it.");
        }

        return new EntityKind(attribute.Group ?? string.Empty, attribute.ApiVersion, attribute.Kind, attribute.PluralName);
    });

    /// <summary>The API path of the group and version, where discovery lists its resources.</summary>
    public string GroupVersionPath => Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";

    /// <summary>The path of the collection, in one namespace or (null) everywhere.</summary>
    public string CollectionPath(string? namespaceName) => namespaceName is null
        ? $"{GroupVersionPath}/{Plural}"
        : $"{GroupVersionPath}/namespaces/{Uri.EscapeDataString(namespaceName)}/{Plural}";

    /// <summary>The path of one object, or of its <paramref name="subresource"/>.</summary>
    public string ObjectPath(EntityKey key, string? subresource = null)
    {
        var path = $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    /// <inheritdoc />
    public override string ToString() => Group.Length == 0 ? Kind : $"{Kind}.{Group}";
}
