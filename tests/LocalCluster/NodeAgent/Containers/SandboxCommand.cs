namespace LocalCluster.NodeAgents;

/// <summary>Writes the command line that starts a process in its pod's network and in a file system of its own (bubblewrap).</summary>
internal static class SandboxCommand
{
    private static readonly string[] SystemLinks = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    /// <summary>What programs need of /etc; all else of the host's /etc stays out of sight, and pods can mount below /etc.</summary>
    private static readonly string[] EtcEntries =
    [
        "alternatives", "ca-certificates", "gai.conf", "group", "host.conf", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime",
        "mime.types", "nsswitch.conf", "os-release", "passwd", "protocols", "resolv.conf", "services", "ssl", "timezone"
    ];

    /// <summary>The whole command line; the sandbox writes its process id as JSON to file descriptor <paramref name="infoDescriptor"/>.</summary>
    public static IReadOnlyList<string> Build(SandboxSpec spec, int infoDescriptor)
    {
        var arguments = new List<string> { "/usr/bin/nsenter", $"--net={spec.NetworkNamespacePath}", "--", "/usr/bin/bwrap" };
        arguments.AddRange(["--perms", "0755", "--tmpfs", "/", "--ro-bind", "/usr", "/usr"]);
        AddSystem(arguments);
        var folders = new HashSet<string> { "/", "/usr", "/proc", "/dev", "/sys", "/tmp", "/etc" };
        var mounts = WithPrograms(spec).OrderBy(mount => Depth(mount.ContainerPath)).ToList();
        if (mounts.All(mount => mount.ContainerPath != "/tmp"))
        {
            arguments.AddRange(["--perms", "1777", spec.ReadOnlyRoot ? "--dir" : "--tmpfs", "/tmp"]);
        }

        foreach (var mount in mounts)
        {
            AddParents(arguments, mount.ContainerPath, folders);
            arguments.AddRange([mount.ReadOnly ? "--ro-bind" : "--bind", mount.HostPath, mount.ContainerPath]);
            folders.Add(mount.ContainerPath);
        }

        // A container runtime makes a missing working directory.
        AddParents(arguments, Path.Combine(spec.WorkingDirectory, "."), folders);
        if (spec.ReadOnlyRoot)
        {
            arguments.AddRange(["--remount-ro", "/"]);
        }

        arguments.AddRange(["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", spec.HostName, "--die-with-parent", "--new-session"]);
        arguments.AddRange(["--chdir", spec.WorkingDirectory, "--info-fd", $"{infoDescriptor}", "--"]);
        arguments.AddRange(spec.User.SetprivCommand());
        arguments.AddRange(spec.Command);
        return arguments;
    }

    /// <summary>The command line that runs a second process inside a running sandbox, for exec probes and hooks.</summary>
    public static IReadOnlyList<string> BuildExec(SandboxSpec spec, int sandboxProcessId, IEnumerable<string> command) =>
        [
            "/usr/bin/nsenter", $"--target={sandboxProcessId}", "--mount", "--net", "--pid", "--ipc", "--uts", "--",
            .. spec.User.SetprivCommand(), .. command
        ];

    private static void AddSystem(List<string> arguments)
    {
        foreach (var path in SystemLinks.Where(Path.Exists))
        {
            var target = new DirectoryInfo(path).LinkTarget;
            arguments.AddRange(target is null ? ["--ro-bind", path, path] : ["--symlink", target, path]);
        }

        arguments.AddRange(["--proc", "/proc", "--dev", "/dev", "--ro-bind", "/sys", "/sys", "--perms", "0755", "--dir", "/etc"]);
        foreach (var path in EtcEntries.Select(entry => $"/etc/{entry}"))
        {
            arguments.AddRange(["--ro-bind-try", path, path]);
        }
    }

    private static IEnumerable<SandboxMount> WithPrograms(SandboxSpec spec)
    {
        var folders = new[] { Path.GetDirectoryName(spec.ImageExecutable), spec.DotnetRoot };
        var own = folders.OfType<string>().Where(folder => !IsOfSystem(folder)).Distinct().Select(folder => new SandboxMount(folder, folder, true));
        return [.. own, .. spec.Mounts];
    }

    private static bool IsOfSystem(string folder) =>
        folder == "/usr" || folder.StartsWith("/usr/", StringComparison.Ordinal) || SystemLinks.Any(link => folder == link || folder.StartsWith(link + "/", StringComparison.Ordinal));

    /// <summary>bwrap makes missing parents with mode 0700, which a user other than root cannot pass.</summary>
    private static void AddParents(List<string> arguments, string path, HashSet<string> known)
    {
        var parent = Path.GetDirectoryName(path)!;
        if (known.Add(parent))
        {
            AddParents(arguments, parent, known);
            arguments.AddRange(["--perms", "0755", "--dir", parent]);
        }
    }

    private static int Depth(string path) => path.Count(character => character == '/');
}
