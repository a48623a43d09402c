using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Chooses the implementation for each volume of a pod.</summary>
internal sealed class VolumeFactory(V1Pod pod, PodFields fields, string directory, NodeServices node)
{
    private readonly long? _group = pod.Spec.SecurityContext?.FsGroup;

    public IPodVolume Create(V1Volume volume) => volume switch
    {
        { ConfigMap: { } source } => Folder(volume, ConfigMap(source.Name, source.Items, source.DefaultMode, source.Optional)),
        { Secret: { } source } => Folder(volume, Secret(source.SecretName, source.Items, source.DefaultMode, source.Optional)),
        { DownwardAPI: { } source } => Folder(volume, new DownwardApiFiles(fields, source.Items, source.DefaultMode)),
        { Projected: { } source } => Folder(volume, [.. source.Sources.Select(part => Projection(part, source.DefaultMode))]),
        { EmptyDir: not null } => new EmptyDirVolume(PathOf(volume), _group),
        { HostPath: { } source } => new HostPathVolume(source),
        { PersistentVolumeClaim: { } source } => new PersistentVolumeClaimVolume(node.Objects, pod.Metadata.NamespaceProperty, source),
        _ => new UnsupportedVolume()
    };

    private string PathOf(V1Volume volume) => Path.Combine(directory, volume.Name);

    private ProjectedFolderVolume Folder(V1Volume volume, params IReadOnlyList<IVolumeFileSource> sources) => new(PathOf(volume), sources, _group);

    private ConfigMapFiles ConfigMap(string name, IList<V1KeyToPath>? items, int? mode, bool? optional) =>
        new(node.Objects, pod.Metadata.NamespaceProperty, name, items, mode, optional == true);

    private SecretFiles Secret(string name, IList<V1KeyToPath>? items, int? mode, bool? optional) =>
        new(node.Objects, pod.Metadata.NamespaceProperty, name, items, mode, optional == true);

    private IVolumeFileSource Projection(V1VolumeProjection part, int? mode) => part switch
    {
        { ConfigMap: { } source } => ConfigMap(source.Name, source.Items, mode, source.Optional),
        { Secret: { } source } => Secret(source.Name, source.Items, mode, source.Optional),
        { DownwardAPI: { } source } => new DownwardApiFiles(fields, source.Items, mode),
        { ServiceAccountToken: { } source } => new ServiceAccountTokenFile(node.Client, pod, source, mode, node.Time),
        _ => new UnsupportedFiles()
    };
}
