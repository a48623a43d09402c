namespace LocalCluster.NodeAgents;

/// <summary>A local program that stands for a container image.</summary>
/// <param name="Executable">Absolute path, the image's entry point; its folder is visible in the container at the same path.</param>
/// <param name="DefaultArguments">Used where the container states neither command nor args.</param>
public sealed record ImageEntry(string Executable, IReadOnlyList<string> DefaultArguments);
