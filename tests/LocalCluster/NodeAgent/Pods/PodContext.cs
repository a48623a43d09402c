using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>What the parts of one pod's life share.</summary>
/// <param name="Directory">The pod's own folder, for volumes and logs.</param>
/// <param name="Changed">Tells that the pod's status may have changed.</param>
internal sealed record PodContext(V1Pod Pod, string Directory, NodeServices Node, PodStop Stop, Action Changed)
{
    /// <summary>Kubelet's name for a pod in messages.</summary>
    public string FullName => $"{Pod.Metadata.Name}_{Pod.Metadata.NamespaceProperty}({Pod.Metadata.Uid})";

    public required PodVolumes Volumes { get; init; }

    public required EnvironmentBuilder Environment { get; init; }

    /// <summary>The pod's network, once it has one.</summary>
    public string NetworkNamespacePath { get; set; } = "";

    /// <summary>The pod's address; empty before it has one.</summary>
    public string Address { get; set; } = "";

    public string ContainerDirectory(string container) => Path.Combine(Directory, "containers", container);

    public Task EventAsync(V1Container? container, string type, string reason, string message) =>
        Node.Events.RecordAsync(Pod, container?.Name, type, reason, message);
}
