namespace LocalCluster.NodeAgents;

/// <summary>A container cannot be started as it is described; shown as CreateContainerConfigError and tried again.</summary>
internal sealed class ContainerConfigException(string message) : Exception(message);
