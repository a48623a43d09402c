using System.Text.RegularExpressions;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Binaries;

/// <summary>
/// Obtains the control plane's executables: from <c>KUBEBUILDER_ASSETS</c>, from the cache, or by building Debian's source package.
/// </summary>
public static partial class ControlPlaneBinaryLocator
{
    private const string AssetsVariable = "KUBEBUILDER_ASSETS";

    /// <summary>Obtains them.</summary>
    /// <param name="options">Tells which components will run.</param>
    /// <param name="progress">Gets a line for each step that takes long.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="CommandFailedException">They cannot be obtained here; says what to do.</exception>
    public static async Task<ControlPlaneBinaries> ObtainAsync(
        LocalControlPlaneOptions options, IProgress<string>? progress, CancellationToken cancellationToken = default)
    {
        string? assets = Environment.GetEnvironmentVariable(AssetsVariable);
        return (string.IsNullOrEmpty(assets) ? null : await FromAssetsAsync(assets, options, progress, cancellationToken).ConfigureAwait(false))
            ?? await FromCacheAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ControlPlaneBinaries?> FromAssetsAsync(
        string assets, LocalControlPlaneOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        string apiServer = Path.Combine(assets, "kube-apiserver");
        string etcd = Path.Combine(assets, "etcd");
        string[] missing = [.. new[] { apiServer, etcd }.Where(path => !File.Exists(path))];
        if (missing.Length > 0)
        {
            throw new CommandFailedException(
                $"{AssetsVariable}={assets} lacks {string.Join(" and ", missing.Select(Path.GetFileName))}; "
                + "let it name a folder with etcd and kube-apiserver (`setup-envtest use -p path`), or unset it.");
        }

        Version version = await ReadVersionAsync(apiServer, cancellationToken).ConfigureAwait(false);
        string controllerManager = Find("kube-controller-manager");
        string scheduler = Find("kube-scheduler");
        string[] needed = [.. options.ControllerManager ? [controllerManager] : Array.Empty<string>(), .. options.Scheduler ? [scheduler] : Array.Empty<string>()];
        string[] absent = [.. needed.Where(path => !File.Exists(path)).Select(path => Path.GetFileName(path))];
        if (absent.Length > 0)
        {
            progress?.Report(
                $"{AssetsVariable} ({version}) lacks {string.Join(" and ", absent)}, and {KubernetesCache.VersionDirectory(version)} does too: "
                + "using a whole control plane of another version instead");
            return null;
        }

        return new ControlPlaneBinaries(version, etcd, apiServer, controllerManager, scheduler);

        string Find(string name) => File.Exists(Path.Combine(assets, name))
            ? Path.Combine(assets, name)
            : Path.Combine(KubernetesCache.VersionDirectory(version), name);
    }

    private static async Task<ControlPlaneBinaries> FromCacheAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        string directory = KubernetesCache.FindNewest()
            ?? throw new CommandFailedException($"No Kubernetes executables in {KubernetesCache.Root}; run `leanserve-local-cluster prepare`.");
        string apiServer = Path.Combine(directory, "kube-apiserver");
        Version version = await ReadVersionAsync(apiServer, cancellationToken).ConfigureAwait(false);
        _ = progress;
        return new ControlPlaneBinaries(
            version,
            "etcd",
            apiServer,
            Path.Combine(directory, "kube-controller-manager"),
            Path.Combine(directory, "kube-scheduler"));
    }

    private static async Task<Version> ReadVersionAsync(string apiServer, CancellationToken cancellationToken)
    {
        string output = await Command.RunAsync(apiServer, ["--version"], cancellationToken).ConfigureAwait(false);
        Match match = VersionPattern().Match(output);
        return match.Success
            ? Version.Parse(match.Groups[1].Value)
            : throw new CommandFailedException($"`{apiServer} --version` printed '{output.Trim()}'; expected 'Kubernetes vMAJOR.MINOR.PATCH'.");
    }

    [GeneratedRegex(@"v(\d+\.\d+\.\d+)")]
    private static partial Regex VersionPattern();
}
