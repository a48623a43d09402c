using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>The files of a Secret.</summary>
internal sealed class SecretFiles(ObjectReader objects, string podNamespace, string name, IList<V1KeyToPath>? items, int? defaultMode, bool optional)
    : IVolumeFileSource
{
    public async Task<IReadOnlyList<VolumeFile>> ReadAsync(CancellationToken cancellation) =>
        await objects.ReadSecretAsync(podNamespace, name, cancellation).ConfigureAwait(false) is { } data
            ? KeyedFiles.Select(data, items, defaultMode, optional, $"secret \"{name}\"")
            : optional ? [] : throw new VolumeNotReadyException($"secret \"{name}\" not found");
}
