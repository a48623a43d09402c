namespace LocalCluster.NodeAgents;

/// <summary>One file or folder of the host that a container sees.</summary>
/// <param name="HostPath">Absolute path on the host.</param>
/// <param name="ContainerPath">Absolute path in the container.</param>
internal sealed record SandboxMount(string HostPath, string ContainerPath, bool ReadOnly);
