using k8s.Models;
using Leanserve.Api;

namespace Leanserve.Operator.Builders;

/// <summary>Mounts of the model and the documents, alike for the pods that serve and those that inspect.</summary>
public static class PodVolumes
{
    /// <summary>Folder of the model inside the pod.</summary>
    public static string ModelDirectory(ModelSourceSpec source) => Join(WorkloadNames.ModelFolder, source.PersistentVolumeClaim?.Path);

    /// <summary>Folder of the embedding model inside the pod.</summary>
    public static string EmbeddingModelDirectory(ModelSourceSpec source) => Join(WorkloadNames.EmbeddingModelFolder, source.PersistentVolumeClaim?.Path);

    /// <summary>Folder of one knowledge source inside the pod.</summary>
    public static string KnowledgeDirectory(KnowledgeSourceSpec source) =>
        Join($"{WorkloadNames.KnowledgeFolder}/{source.Name}", source.PersistentVolumeClaim?.Path);

    /// <summary>Name of the volume of <see cref="Snapshots"/>.</summary>
    public const string SnapshotVolume = "snapshots";

    /// <summary>Folder for snapshots inside the pod: one of the deployment's own, since each keeps but the newest.</summary>
    public static string SnapshotDirectory(LlmDeployment resource) =>
        resource.Spec.Knowledge?.Snapshots is { } claim ? $"{Join(WorkloadNames.SnapshotFolder, claim.Path)}/{resource.Metadata.Name}" : WorkloadNames.SnapshotFolder;

    /// <summary>The claim that the user names; else a folder that outlives a crash of the container, though not the pod.</summary>
    /// <remarks>The root file system is read-only, and a folder of the node is not for restricted pods.</remarks>
    public static V1Volume Snapshots(LlmDeployment resource) => new()
    {
        Name = SnapshotVolume,
        EmptyDir = resource.Spec.Knowledge?.Snapshots is null ? new V1EmptyDirVolumeSource() : null,
        PersistentVolumeClaim = resource.Spec.Knowledge?.Snapshots is { } claim ? new V1PersistentVolumeClaimVolumeSource { ClaimName = claim.ClaimName } : null,
    };

    /// <param name="resource">Whose model and documents.</param>
    /// <param name="embeddingModel">Whether the embedding model, where one is named, is mounted too.</param>
    public static (List<V1Volume> Volumes, List<V1VolumeMount> Mounts) For(LlmDeployment resource, bool embeddingModel)
    {
        List<V1Volume> volumes = [];
        List<V1VolumeMount> mounts = [];

        void Add(string name, string path, V1Volume volume)
        {
            volume.Name = name;
            volumes.Add(volume);
            mounts.Add(new V1VolumeMount { Name = name, MountPath = path, ReadOnlyProperty = true });
        }

        if (resource.Spec.Model.Source is { } model)
        {
            Add("model", WorkloadNames.ModelFolder, Volume(model.ConfigMapRef, model.PersistentVolumeClaim));
        }

        if (embeddingModel && resource.Spec.Knowledge?.EmbeddingModel?.Source is { } embedding)
        {
            Add("embedding-model", WorkloadNames.EmbeddingModelFolder, Volume(embedding.ConfigMapRef, embedding.PersistentVolumeClaim));
        }

        foreach (var source in resource.Spec.Knowledge?.Sources ?? [])
        {
            Add($"knowledge-{source.Name}", $"{WorkloadNames.KnowledgeFolder}/{source.Name}", Volume(source.ConfigMapRef, source.PersistentVolumeClaim));
        }

        return (volumes, mounts);
    }

    private static V1Volume Volume(LocalReference? configMap, VolumeFolderSpec? claim) => configMap is not null
        ? new V1Volume { ConfigMap = new V1ConfigMapVolumeSource { Name = configMap.Name } }
        : new V1Volume { PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim!.ClaimName, ReadOnlyProperty = true } };

    private static string Join(string root, string? path) => path?.Trim('/') is { Length: > 0 } inner ? $"{root}/{inner}" : root;
}
