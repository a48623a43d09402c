using System.Text;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Controllers;

namespace Leanserve.Operator.Reconcile;

/// <summary>Looks up the ConfigMaps and claims that a resource names.</summary>
public sealed class SourceCheck(IEntityCache<V1ConfigMap> configMaps, IEntityCache<V1PersistentVolumeClaim> claims)
{
    /// <summary>Why the place cannot be read, or null where it is there. The sentence begins with <paramref name="what"/> the place holds.</summary>
    public (string Reason, string Message)? Missing(string ns, string what, LocalReference? configMap, VolumeFolderSpec? claim)
    {
        if (configMap is not null && configMaps.Get(ns, configMap.Name) is null)
        {
            return ("ConfigMapNotFound", $"{what}: ConfigMap {configMap.Name} does not exist in namespace {ns}; create it, or correct the name. It is picked up when it appears.");
        }

        if (claim is not null && claims.Get(ns, claim.ClaimName) is null)
        {
            return ("PersistentVolumeClaimNotFound", $"{what}: PersistentVolumeClaim {claim.ClaimName} does not exist in namespace {ns}; create it, or correct the name. It is picked up when it appears.");
        }

        return null;
    }

    /// <summary>Files and contents of a ConfigMap, as a pod would see them; empty where it does not exist.</summary>
    public IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> Files(string ns, LocalReference configMap)
    {
        var found = configMaps.Get(ns, configMap.Name);
        foreach (var (name, text) in found?.Data ?? new Dictionary<string, string>())
        {
            yield return (name, Encoding.UTF8.GetBytes(text));
        }

        foreach (var (name, bytes) in found?.BinaryData ?? new Dictionary<string, byte[]>())
        {
            yield return (name, bytes);
        }
    }

    /// <summary>Why the first unreadable knowledge source cannot be read, or null where all are there.</summary>
    public (string Reason, string Message)? MissingKnowledge(LlmDeployment resource) => (resource.Spec.Knowledge?.Sources ?? [])
        .Select(s => Missing(resource.Metadata.NamespaceProperty, $"knowledge source {s.Name}", s.ConfigMapRef, s.PersistentVolumeClaim))
        .Append(Missing(resource.Metadata.NamespaceProperty, "knowledge.snapshots", null, resource.Spec.Knowledge?.Snapshots))
        .Append(Missing(
            resource.Metadata.NamespaceProperty,
            "knowledge.embeddingModel",
            resource.Spec.Knowledge?.EmbeddingModel?.Source.ConfigMapRef,
            resource.Spec.Knowledge?.EmbeddingModel?.Source.PersistentVolumeClaim))
        .FirstOrDefault(m => m is not null);

    /// <summary>Content hash of the model's ConfigMap; null where the model lies on a volume.</summary>
    public string? ModelHash(LlmDeployment resource) =>
        resource.Spec.Model.Source?.ConfigMapRef is { } reference ? Hash(resource, reference) : null;

    /// <summary>Content hash of the embedding model's ConfigMap; null where it lies on a volume or there is none.</summary>
    public string? EmbeddingModelHash(LlmDeployment resource) =>
        resource.Spec.Knowledge?.EmbeddingModel?.Source.ConfigMapRef is { } reference ? Hash(resource, reference) : null;

    /// <summary>Content hashes of the knowledge sources that are ConfigMaps, by the source's name, in the order of the spec.</summary>
    public IReadOnlyDictionary<string, string> DocumentHashes(LlmDeployment resource) => (resource.Spec.Knowledge?.Sources ?? [])
        .Where(s => s.ConfigMapRef is not null)
        .ToDictionary(s => s.Name, s => Hash(resource, s.ConfigMapRef!), StringComparer.Ordinal);

    private string Hash(LlmDeployment resource, LocalReference configMap) => KnowledgeHash.Compute(Files(resource.Metadata.NamespaceProperty, configMap));
}
