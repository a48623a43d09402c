namespace LocalCluster.NodeAgents;

/// <summary>Everything that shapes the isolated world of one container process.</summary>
internal sealed record SandboxSpec
{
    /// <summary>Path of the network namespace, such as /var/run/netns/NAME.</summary>
    public required string NetworkNamespacePath { get; init; }

    public required string HostName { get; init; }

    /// <summary>The image's program; its folder is visible at the same path, read-only.</summary>
    public required string ImageExecutable { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyList<SandboxMount> Mounts { get; init; }

    public required string WorkingDirectory { get; init; }

    public required SandboxUser User { get; init; }

    public bool ReadOnlyRoot { get; init; }

    /// <summary>Folder of the .NET runtime, where it lies outside /usr.</summary>
    public string? DotnetRoot { get; init; }
}
