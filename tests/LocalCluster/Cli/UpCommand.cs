using System.CommandLine;
using LocalCluster.ControlPlane;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.Cli;

/// <summary><c>leanserve-local-cluster up</c>: runs a cluster in the foreground.</summary>
internal static class UpCommand
{
    private const int ExitFailed = 1;

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

    private static async Task<int> RunAsync(FileInfo? kubeconfig, DirectoryInfo? logs, bool bare, CancellationToken cancellationToken)
    {
        LocalControlPlaneOptions options =
            (bare ? new LocalControlPlaneOptions() : LocalControlPlaneOptions.Full) with { LogDirectory = logs?.FullName };
        try
        {
            await using LocalControlPlane plane =
                await LocalControlPlane.StartAsync(options, new ConsoleProgress(), cancellationToken).ConfigureAwait(false);
            using TemporaryCopy? copy = TemporaryCopy.Create(plane.KubeconfigPath, kubeconfig?.FullName);
            Console.Out.WriteLine($"export KUBECONFIG={copy?.Path ?? plane.KubeconfigPath}");
            string ended = await plane.WaitForComponentExitAsync(cancellationToken).ConfigureAwait(false);
            Console.Error.WriteLine(ended);
            return ExitFailed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (CommandFailedException error)
        {
            Console.Error.WriteLine(error.Message);
            return ExitFailed;
        }
    }
}
