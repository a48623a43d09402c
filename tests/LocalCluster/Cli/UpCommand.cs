using System.CommandLine;
using LocalCluster.ControlPlane;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.Cli;

/// <summary><c>leanserve-local-cluster up</c>: runs a cluster in the foreground.</summary>
internal static class UpCommand
{
    public static System.CommandLine.Command Create()
    {
        var kubeconfig = new Option<FileInfo?>("--kubeconfig")
        {
            Description = "Also write the administrator's kubeconfig to this file; removed at the end.",
        };
        var logs = new Option<DirectoryInfo?>("--logs")
        {
            Description = "Write the components' logs into this folder and keep them. Default: a temporary folder, removed at the end.",
        };
        var bare = new Option<bool>("--api-server-only")
        {
            Description = "Only etcd and kube-apiserver on 127.0.0.1; needs no root.",
        };
        var command = new System.CommandLine.Command("up", "Run a cluster until Ctrl-C; prints the path of its kubeconfig.") { kubeconfig, logs, bare };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(kubeconfig), result.GetValue(logs), result.GetValue(bare), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(FileInfo? kubeconfig, DirectoryInfo? logs, bool bare, CancellationToken cancellationToken)
    {
        LocalControlPlaneOptions options =
            (bare ? new LocalControlPlaneOptions() : LocalControlPlaneOptions.Full) with { LogDirectory = logs?.FullName };
        return ExitStatus.OfAsync(async () =>
        {
            await using LocalControlPlane plane =
                await LocalControlPlane.StartAsync(options, new ConsoleProgress(), cancellationToken).ConfigureAwait(false);
            using TemporaryCopy? copy = TemporaryCopy.Create(plane.KubeconfigPath, kubeconfig?.FullName);
            Console.Out.WriteLine($"export KUBECONFIG={copy?.Path ?? plane.KubeconfigPath}");
            await RunUntilInterruptedAsync(plane, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);
    }

    private static async Task RunUntilInterruptedAsync(LocalControlPlane plane, CancellationToken cancellationToken)
    {
        try
        {
            throw new CommandFailedException(await plane.WaitForComponentExitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopping");
        }
    }
}
