namespace LocalCluster.ControlPlane.Binaries;

/// <summary>A Debian package that the local cluster uses.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Command">The command it is needed for; whoever else provides that command does as well.</param>
public sealed record DebianPackage(string Name, string Command)
{
    /// <summary>etcd.</summary>
    public static DebianPackage Etcd { get; } = new("etcd-server", "etcd");

    /// <summary>Bridges and network namespaces, for pods.</summary>
    public static DebianPackage NetworkTools { get; } = new("iproute2", "ip");

    /// <summary>Everything that a cluster with pods uses when it runs. kubectl is installed only where there is none,
    /// since the packages that provide it conflict.</summary>
    public static IReadOnlyList<DebianPackage> Runtime { get; } =
        [Etcd, NetworkTools, new("bubblewrap", "bwrap"), new("kubernetes-client", "kubectl")];

    /// <summary>What building Kubernetes from Debian's source package takes.</summary>
    public static IReadOnlyList<DebianPackage> Build { get; } =
    [
        // Debian's own Go by its path: another Go on PATH may be too new for that source.
        new("golang-go", KubernetesSourceBuild.GoFolder + "/go"),
        new("jq", "jq"),
        new("rsync", "rsync"),
        new("make", "make"),
        new("dpkg-dev", "dpkg-source"),
    ];
}
