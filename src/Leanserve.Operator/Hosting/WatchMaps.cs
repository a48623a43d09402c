using k8s.Models;
using Leanserve.Api;
using Leanserve.Controllers;
using Leanserve.Operator.Builders;

namespace Leanserve.Operator.Hosting;

/// <summary>Which deployments a change of another object matters to.</summary>
public static class WatchMaps
{
    /// <summary>Deployments that name the ConfigMap as model, knowledge or assumptions.</summary>
    public static IEnumerable<EntityKey> NamersOf(V1ConfigMap configMap, IEntityCache<LlmDeployment> all) => all
        .List(configMap.Metadata.NamespaceProperty)
        .Where(d => d.Spec.Model.Source?.ConfigMapRef?.Name == configMap.Metadata.Name
            || d.Spec.Knowledge?.EmbeddingModel?.Source.ConfigMapRef?.Name == configMap.Metadata.Name
            || (d.Spec.Knowledge?.Sources ?? []).Any(s => s.ConfigMapRef?.Name == configMap.Metadata.Name)
            || (d.Spec.AssumptionsFrom ?? []).Any(s => s.ConfigMapRef.Name == configMap.Metadata.Name))
        .Select(EntityKey.Of);

    /// <summary>Deployments that name the claim as model or knowledge.</summary>
    public static IEnumerable<EntityKey> NamersOf(V1PersistentVolumeClaim claim, IEntityCache<LlmDeployment> all) => all
        .List(claim.Metadata.NamespaceProperty)
        .Where(d => d.Spec.Model.Source?.PersistentVolumeClaim?.ClaimName == claim.Metadata.Name
            || d.Spec.Knowledge?.EmbeddingModel?.Source.PersistentVolumeClaim?.ClaimName == claim.Metadata.Name
            || d.Spec.Knowledge?.Snapshots?.ClaimName == claim.Metadata.Name
            || (d.Spec.Knowledge?.Sources ?? []).Any(s => s.PersistentVolumeClaim?.ClaimName == claim.Metadata.Name))
        .Select(EntityKey.Of);

    /// <summary>The deployment that the pod serves or inspects for; its owner is a ReplicaSet, so the label tells.</summary>
    public static IEnumerable<EntityKey> ServedBy(V1Pod pod) =>
        pod.Metadata.Labels.Find(WorkloadNames.InstanceLabel) is { } name ? [new EntityKey(pod.Metadata.NamespaceProperty, name)] : [];

    /// <summary>Whether a node's change can change what fits on it; heartbeats cannot.</summary>
    public static bool NodeChanged(V1Node? before, V1Node? after) => before is null || after is null || Relevant(before) != Relevant(after);

    private static string Relevant(V1Node node) => string.Join(
        '\n',
        [
            node.Spec?.Unschedulable == true ? "cordoned" : "open",
            (node.Status?.Conditions ?? []).FirstOrDefault(c => c.Type == "Ready")?.Status ?? "Unknown",
            .. (node.Metadata.Labels ?? new Dictionary<string, string>()).Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal),
            .. (node.Status?.Allocatable ?? new Dictionary<string, ResourceQuantity>()).Select(a => $"{a.Key}:{a.Value}").Order(StringComparer.Ordinal),
        ]);
}
