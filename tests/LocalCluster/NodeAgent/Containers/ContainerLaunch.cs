using System.Globalization;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Turns a container's description into a process that runs.</summary>
internal sealed class ContainerLaunch(PodContext pod, V1Container container)
{
    public const string DefaultTerminationPath = "/dev/termination-log";
    // Linux' limit; kubelet cuts longer names, too.
    private const int MaxHostNameLength = 63;
    private const UnixFileMode WritableByAll = (UnixFileMode)0b110_110_110;

    /// <summary>Where the container's own last words lie on the host.</summary>
    public string TerminationFile => Path.Combine(pod.ContainerDirectory(container.Name), "termination-log");

    /// <summary>Starts a run.</summary>
    /// <param name="run">0 for the first, counting restarts.</param>
    /// <exception cref="ContainerConfigException">The description cannot be met (now).</exception>
    public async Task<ContainerProcess> StartAsync(ImageEntry image, int run, IReadOnlyList<int> gpuIndexes, CancellationToken cancellation)
    {
        if (SandboxUser.Violation(pod.Pod, container) is { } violation)
        {
            throw new ContainerConfigException(violation);
        }

        var environment = await pod.Environment.BuildAsync(container, image, gpuIndexes, cancellation).ConfigureAwait(false);
        var variables = new VariableExpansion(environment);
        var folder = pod.ContainerDirectory(container.Name);
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(TerminationFile, [], cancellation).ConfigureAwait(false);
        File.SetUnixFileMode(TerminationFile, WritableByAll);
        var spec = new SandboxSpec
        {
            NetworkNamespacePath = pod.NetworkNamespacePath,
            HostName = HostName(),
            ImageExecutable = image.Executable,
            DotnetRoot = pod.Node.DotnetRoot,
            Command = Command(image, variables),
            Mounts = [.. pod.Volumes.MountsOf(container, variables), TerminationMount()],
            WorkingDirectory = string.IsNullOrEmpty(container.WorkingDir) ? "/" : container.WorkingDir,
            User = SandboxUser.From(pod.Pod, container),
            ReadOnlyRoot = container.SecurityContext?.ReadOnlyRootFilesystem == true
        };
        var log = new ContainerLog(ContainerLog.PathOf(folder, run), pod.Node.Time);
        var infoPath = Path.Combine(folder, $"{run.ToString(CultureInfo.InvariantCulture)}.json");
        return await ContainerProcess.StartAsync(spec, environment, infoPath, log).ConfigureAwait(false);
    }

    private string HostName()
    {
        var name = pod.Pod.Spec.Hostname is { Length: > 0 } stated ? stated : pod.Pod.Metadata.Name;
        return name.Length <= MaxHostNameLength ? name : name[..MaxHostNameLength].TrimEnd('-', '.');
    }

    private SandboxMount TerminationMount() =>
        new(TerminationFile, container.TerminationMessagePath is { Length: > 0 } path ? path : DefaultTerminationPath, false);

    private List<string> Command(ImageEntry image, VariableExpansion variables)
    {
        var isStated = container.Command is { Count: > 0 };
        IEnumerable<string> command = isStated ? container.Command! : [image.Executable];
        IEnumerable<string> arguments = container.Args is { Count: > 0 } given ? given : isStated ? [] : image.DefaultArguments;
        return [.. command.Concat(arguments).Select(variables.Expand)];
    }
}
