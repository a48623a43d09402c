using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>The files of a ConfigMap.</summary>
internal sealed class ConfigMapFiles(ObjectReader objects, string podNamespace, string name, IList<V1KeyToPath>? items, int? defaultMode, bool optional)
    : IVolumeFileSource
{
    public async Task<IReadOnlyList<VolumeFile>> ReadAsync(CancellationToken cancellation) =>
        await objects.ReadConfigMapAsync(podNamespace, name, cancellation).ConfigureAwait(false) is { } data
            ? KeyedFiles.Select(data, items, defaultMode, optional, $"configmap \"{name}\"")
            : optional ? [] : throw new VolumeNotReadyException($"configmap \"{name}\" not found");
}
