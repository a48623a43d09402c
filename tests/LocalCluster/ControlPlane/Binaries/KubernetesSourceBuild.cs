using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Binaries;

/// <summary>Builds Kubernetes' control plane from Debian's source package, as this user, into the cache.</summary>
internal sealed class KubernetesSourceBuild
{
    /// <summary>Debian's Go.</summary>
    public const string GoFolder = "/usr/lib/go/bin";

    private readonly string _work;
    private readonly LoggedStep _step;
    private readonly IProgress<string>? _progress;

    private KubernetesSourceBuild(string work, string logPath, IProgress<string>? progress)
    {
        _work = work;
        _progress = progress;
        _step = new LoggedStep(logPath, progress, TimeProvider.System);
    }

    private string SourceFolder => Path.Combine(_work, "go", "src", "k8s.io");

    /// <summary>Builds, unless another process has just done so.</summary>
    /// <returns>The folder of the executables in the cache.</returns>
    /// <exception cref="CommandFailedException">A step failed; holds the end of the log and its path.</exception>
    public static async Task<string> RunAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        using FileLock held = await FileLock.AcquireAsync(
            Path.Combine(KubernetesCache.Root, ".lock"),
            cancellationToken,
            () => progress?.Report("Waiting for another process that is building Kubernetes")).ConfigureAwait(false);
        if (KubernetesCache.FindNewest() is { } built)
        {
            return built;
        }

        await DebianPackages.EnsureAsync(DebianPackage.Build, progress, cancellationToken).ConfigureAwait(false);
        string logPath = Path.Combine(KubernetesCache.Root, "build.log");
        File.Delete(logPath);
        progress?.Report($"Building Kubernetes from Debian's source package, once; 5 to 9 minutes on two cores. Log: {logPath}");
        // In the cache's own file system, so that the result moves there atomically.
        using OwnedDirectory work = OwnedDirectory.Create(KubernetesCache.Root);
        var build = new KubernetesSourceBuild(work.Path, logPath, progress);
        await build.FetchSourceAsync(cancellationToken).ConfigureAwait(false);
        await build.CompileAsync(cancellationToken).ConfigureAwait(false);
        return await build.MoveToCacheAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task FetchSourceAsync(CancellationToken cancellationToken)
    {
        string parts = Directory.CreateDirectory(Path.Combine(_work, "sources")).FullName;
        Directory.CreateDirectory(Path.Combine(_work, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(_work, "cache", "archives", "partial"));
        Directory.CreateDirectory(SourceFolder);
        if (AptSourceEntries.Write("/etc/apt", parts) == 0)
        {
            throw new CommandFailedException(
                "Found no package sources in /etc/apt. On a system other than Debian, let KUBEBUILDER_ASSETS name a folder with "
                + "etcd, kube-apiserver, kube-controller-manager and kube-scheduler.");
        }

        string[] apt =
        [
            "apt-get", "-oDir::Etc::sourcelist=/dev/null", $"-oDir::Etc::sourceparts={parts}",
            $"-oDir::State::Lists={_work}/lists", $"-oDir::Cache={_work}/cache", "-oAPT::Sandbox::User=",
        ];
        try
        {
            await _step.RunAsync("apt-get update", [.. apt, "update"], cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailedException error)
        {
            // A third party's repository without sources fails the update; whether Debian's came is seen in the next step.
            _progress?.Report(error.Message);
        }

        await _step.RunAsync(
            "apt-get source kubernetes", ["env", "-C", SourceFolder, .. apt, "source", "kubernetes"], cancellationToken).ConfigureAwait(false);
        string[] unpacked = Directory.GetDirectories(SourceFolder, "kubernetes-*");
        if (unpacked.Length != 1)
        {
            throw new CommandFailedException(
                $"`apt-get source kubernetes` unpacked {unpacked.Length} folders named kubernetes-*; expected one. This release of Debian may not have it.");
        }

        Directory.Move(unpacked[0], Path.Combine(SourceFolder, "kubernetes"));
        await ReplaceReflect2Async(apt, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Puts Debian's reflect2 in the place of the vendored one, which reaches into the runtime of a Go before 1.18: built with
    /// Debian's Go, the API server dies of a segmentation fault at the first custom resource that is created.
    /// </summary>
    private async Task ReplaceReflect2Async(string[] apt, CancellationToken cancellationToken)
    {
        const string package = "golang-github-modern-go-reflect2";
        await _step.RunAsync(
            $"apt-get source {package}", ["env", "-C", _work, .. apt, "source", package], cancellationToken).ConfigureAwait(false);
        string vendored = Path.Combine(SourceFolder, "kubernetes", "vendor", "github.com", "modern-go", "reflect2");
        foreach (string file in Directory.GetFiles(vendored, "*.go"))
        {
            File.Delete(file);
        }

        string fixedSource = Directory.GetDirectories(_work, package + "-*").Single();
        foreach (string file in Directory.GetFiles(fixedSource, "*.go").Where(file => !file.EndsWith("_test.go", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(vendored, Path.GetFileName(file)));
        }
    }

    private Task CompileAsync(CancellationToken cancellationToken)
    {
        string targets = string.Join(' ', KubernetesCache.Executables.Select(name => "cmd/" + name));
        string[] environment =
        [
            "env", "-u", "GOFLAGS", "-C", Path.Combine(SourceFolder, "kubernetes"), $"GOPATH={_work}/go", $"GOCACHE={_work}/go-cache",
            "GO111MODULE=off", "CGO_ENABLED=0", $"PATH={GoFolder}:{Environment.GetEnvironmentVariable("PATH")}",
        ];
        return _step.RunAsync("Compiling Kubernetes", [.. environment, "make", $"WHAT={targets}"], cancellationToken);
    }

    private async Task<string> MoveToCacheAsync(CancellationToken cancellationToken)
    {
        string output = Path.Combine(SourceFolder, "kubernetes", "_output", "bin");
        string result = Directory.CreateDirectory(Path.Combine(_work, "result")).FullName;
        foreach (string name in KubernetesCache.Executables)
        {
            // _output/bin is a link to a folder of the platform; the files are moved out of it.
            File.Move(Path.Combine(output, name), Path.Combine(result, name));
        }

        Version version = await KubernetesVersionReader.ReadAsync(Path.Combine(result, "kube-apiserver"), cancellationToken).ConfigureAwait(false);
        string target = KubernetesCache.VersionDirectory(version);
        if (Directory.Exists(target))
        {
            // Incomplete, or it would have been found.
            Directory.Delete(target, recursive: true);
        }

        Directory.Move(result, target);
        _progress?.Report($"Kubernetes {version} is in {target}");
        return target;
    }
}
