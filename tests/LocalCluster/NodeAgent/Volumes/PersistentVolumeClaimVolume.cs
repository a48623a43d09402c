using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>The folder behind a claim, whose volume must be of kind hostPath or local.</summary>
internal sealed class PersistentVolumeClaimVolume(ObjectReader objects, string podNamespace, V1PersistentVolumeClaimVolumeSource source) : IPodVolume
{
    private string? _path;

    public string HostPath => _path ?? throw new InvalidOperationException($"claim {source.ClaimName} is not resolved; prepare the volume first");

    public bool IsReadOnly { get; private set; } = source.ReadOnlyProperty == true;

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        var claim = await objects.ReadClaimAsync(podNamespace, source.ClaimName, cancellation).ConfigureAwait(false)
            ?? throw new VolumeNotReadyException($"persistentvolumeclaim \"{source.ClaimName}\" not found");
        if (claim.Status?.Phase != "Bound" || string.IsNullOrEmpty(claim.Spec.VolumeName))
        {
            throw new VolumeNotReadyException($"PVC {podNamespace}/{source.ClaimName} is not bound");
        }

        var volume = await objects.ReadVolumeAsync(claim.Spec.VolumeName, cancellation).ConfigureAwait(false)
            ?? throw new VolumeNotReadyException($"persistentvolume \"{claim.Spec.VolumeName}\" not found");
        IsReadOnly |= claim.Spec.AccessModes is { Count: > 0 } modes && modes.All(mode => mode == "ReadOnlyMany");
        var folder = volume.Spec.HostPath
            ?? (volume.Spec.Local is { } local ? new V1HostPathVolumeSource { Path = local.Path, Type = "Directory" } : null)
            ?? throw new VolumeNotReadyException($"persistentvolume \"{volume.Metadata.Name}\" is neither hostPath nor local, which is all that this node agent mounts");
        await new HostPathVolume(folder).PrepareAsync(cancellation).ConfigureAwait(false);
        _path = folder.Path;
    }
}
