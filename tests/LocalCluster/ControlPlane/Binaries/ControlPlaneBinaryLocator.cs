using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Binaries;

/// <summary>
/// Obtains the control plane's executables: from <c>KUBEBUILDER_ASSETS</c>, from the cache, or by building Debian's source package.
/// </summary>
public static class ControlPlaneBinaryLocator
{
    private const string AssetsVariable = "KUBEBUILDER_ASSETS";

    /// <summary>Obtains them, and what else the options need on this machine.</summary>
    /// <param name="options">Tells which components will run.</param>
    /// <param name="progress">Gets a line for each step that takes long.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="CommandFailedException">They cannot be obtained here; says what to do.</exception>
    public static async Task<ControlPlaneBinaries> ObtainAsync(
        LocalControlPlaneOptions options, IProgress<string>? progress, CancellationToken cancellationToken = default)
    {
        if (options.PodNetwork)
        {
            await DebianPackages.EnsureAsync([DebianPackage.NetworkTools], progress, cancellationToken).ConfigureAwait(false);
        }

        string? assets = Environment.GetEnvironmentVariable(AssetsVariable);
        ControlPlaneBinaries? given = string.IsNullOrEmpty(assets)
            ? null
            : await FromAssetsAsync(assets, options, progress, cancellationToken).ConfigureAwait(false);
        return given ?? await FromCacheOrBuildAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ControlPlaneBinaries?> FromAssetsAsync(
        string assets, LocalControlPlaneOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        string apiServer = Path.Combine(assets, "kube-apiserver");
        string etcd = Path.Combine(assets, "etcd");
        string[] missing = [.. new[] { apiServer, etcd }.Where(path => !File.Exists(path)).Select(path => Path.GetFileName(path))];
        if (missing.Length > 0)
        {
            throw new CommandFailedException(
                $"{AssetsVariable}={assets} lacks {string.Join(" and ", missing)}; "
                + "let it name a folder with etcd and kube-apiserver (`setup-envtest use -p path`), or unset it.");
        }

        Version version = await KubernetesVersionReader.ReadAsync(apiServer, cancellationToken).ConfigureAwait(false);
        string cached = KubernetesCache.VersionDirectory(version);
        string controllerManager = FindIn("kube-controller-manager", assets, cached);
        string scheduler = FindIn("kube-scheduler", assets, cached);
        var found = new ControlPlaneBinaries(version, etcd, apiServer, controllerManager, scheduler);
        bool isEnough = (!options.ControllerManager || File.Exists(controllerManager)) && (!options.Scheduler || File.Exists(scheduler));
        if (isEnough)
        {
            return found;
        }

        progress?.Report(
            $"{AssetsVariable}={assets} (Kubernetes {version}) lacks kube-controller-manager or kube-scheduler, and so does {cached}; "
            + "using a whole control plane from the cache or from a build instead.");
        return null;
    }

    private static async Task<ControlPlaneBinaries> FromCacheOrBuildAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await DebianPackages.EnsureAsync([DebianPackage.Etcd], progress, cancellationToken).ConfigureAwait(false);
        string directory = KubernetesCache.FindNewest()
            ?? await KubernetesSourceBuild.RunAsync(progress, cancellationToken).ConfigureAwait(false);
        string apiServer = Path.Combine(directory, "kube-apiserver");
        return new ControlPlaneBinaries(
            await KubernetesVersionReader.ReadAsync(apiServer, cancellationToken).ConfigureAwait(false),
            Executables.Find(DebianPackage.Etcd.Command)!,
            apiServer,
            Path.Combine(directory, "kube-controller-manager"),
            Path.Combine(directory, "kube-scheduler"));
    }

    private static string FindIn(string name, params string[] folders) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? Path.Combine(folders[0], name);
}
