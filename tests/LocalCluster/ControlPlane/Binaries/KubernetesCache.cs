namespace LocalCluster.ControlPlane.Binaries;

/// <summary>The folder of Kubernetes executables outside the checkout, one subfolder per version.</summary>
internal static class KubernetesCache
{
    /// <summary>The executables that a complete version has.</summary>
    public static readonly IReadOnlyList<string> Executables = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

    /// <summary><c>${XDG_CACHE_HOME:-~/.cache}/leanserve/kubernetes</c>.</summary>
    public static string Root { get; } = Path.Combine(CacheHome(), "leanserve", "kubernetes");

    /// <summary>The folder of <paramref name="version"/>, whether it exists or not.</summary>
    public static string VersionDirectory(Version version) => Path.Combine(Root, version.ToString());

    /// <summary>The folder of the newest complete version, or null.</summary>
    public static string? FindNewest() => !Directory.Exists(Root)
        ? null
        : Directory.EnumerateDirectories(Root)
            .Where(directory => Executables.All(name => File.Exists(Path.Combine(directory, name))))
            .Select(directory => (Directory: directory, Version: Version.TryParse(Path.GetFileName(directory), out Version? version) ? version : null))
            .Where(candidate => candidate.Version is not null)
            .OrderByDescending(candidate => candidate.Version)
            .FirstOrDefault().Directory;

    private static string CacheHome()
    {
        string? configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return string.IsNullOrEmpty(configured)
            ? Path.Combine(HomeDirectory(), ".cache")
            : configured;
    }

    // Not verified: a home that does not exist yet would come back empty, and the cache land in the current folder.
    private static string HomeDirectory() =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
}
