using System.Text;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Files with the pod's own fields and its containers' resources.</summary>
internal sealed class DownwardApiFiles(PodFields fields, IList<V1DownwardAPIVolumeFile> items, int? defaultMode) : IVolumeFileSource
{
    public Task<IReadOnlyList<VolumeFile>> ReadAsync(CancellationToken cancellation)
    {
        IReadOnlyList<VolumeFile> files =
            [.. items.Select(item => new VolumeFile(item.Path, Encoding.UTF8.GetBytes(Value(item)), KeyedFiles.Mode(item.Mode, defaultMode)))];
        return Task.FromResult(files);
    }

    private string Value(V1DownwardAPIVolumeFile item) =>
        item.FieldRef is { } field ? fields.Field(field.FieldPath) : fields.Resource(item.ResourceFieldRef, item.ResourceFieldRef.ContainerName);
}
