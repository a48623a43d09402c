using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <summary>Entities as JSON, by the Kubernetes client's own rules.</summary>
public static class EntityJson
{
    /// <summary>An independent copy of <paramref name="entity"/>.</summary>
    public static TEntity Clone<TEntity>(TEntity entity)
        where TEntity : IKubernetesObject<V1ObjectMeta>
        => KubernetesJson.Deserialize<TEntity>(KubernetesJson.Serialize(entity));

    /// <summary>The entity in an answer of the API server, without its managed fields.</summary>
    internal static TEntity Read<TEntity>(byte[] body)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        using var document = JsonDocument.Parse(body);
        return Read<TEntity>(document.RootElement);
    }

    /// <inheritdoc cref="Read{TEntity}(byte[])" />
    internal static TEntity Read<TEntity>(JsonElement json)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var kind = EntityKind.Of<TEntity>();
        var entity = KubernetesJson.Deserialize<TEntity>(json);
        // Items of lists come without these; managed fields can outweigh the rest and nobody here reads them.
        entity.ApiVersion = kind.ApiVersion;
        entity.Kind = kind.Kind;
        entity.Metadata.ManagedFields = null;
        return entity;
    }

    /// <summary>The entity as a JSON tree; null fields are left out.</summary>
    internal static JsonObject ToTree<TEntity>(TEntity entity)
        where TEntity : IKubernetesObject<V1ObjectMeta>
        => JsonNode.Parse(KubernetesJson.Serialize(entity))!.AsObject();
}
