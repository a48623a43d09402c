namespace LocalCluster.ControlPlane;

/// <summary>What a local control plane consists of.</summary>
public sealed record LocalControlPlaneOptions
{
    /// <summary>Whether kube-controller-manager runs: ServiceAccounts, Deployments, Endpoints, garbage collection.</summary>
    /// <value>The default value is false: tests that need the API server only start faster.</value>
    public bool ControllerManager { get; init; }

    /// <summary>Whether kube-scheduler runs.</summary>
    /// <value>The default value is false.</value>
    public bool Scheduler { get; init; }

    /// <summary>Whether to make a bridge that pods' network namespaces join, and serve on its address; needs root.</summary>
    /// <value>The default value is false: the API server listens on 127.0.0.1.</value>
    public bool PodNetwork { get; init; }

    /// <summary>Where the components' logs go and stay; null for the data directory, which goes when the plane is disposed.</summary>
    /// <value>The default value is null.</value>
    public string? LogDirectory { get; init; }

    /// <summary>How long all components may take until they are ready.</summary>
    /// <value>The default value is 120 seconds; a start takes about 5 where the processor is free.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Everything that a cluster with pods needs: controller-manager, scheduler and pod network.</summary>
    public static LocalControlPlaneOptions Full { get; } = new() { ControllerManager = true, Scheduler = true, PodNetwork = true };
}
