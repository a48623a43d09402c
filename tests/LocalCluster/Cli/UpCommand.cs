using System.CommandLine;
using LocalCluster.ControlPlane;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.Cli;

/// <summary><c>leanserve-local-cluster up</c>: runs a cluster in the foreground.</summary>
internal static class UpCommand
{
    public static System.CommandLine.Command Create()
    {
        var options = new UpOptions();
        var command = new System.CommandLine.Command("up", "Run a cluster until Ctrl-C; prints the path of its kubeconfig. Needs root for nodes.");
        foreach (Option option in options.All)
        {
            command.Add(option);
        }

        command.SetAction((result, cancellationToken) => ExitStatus.OfAsync(
            () => result.GetValue(options.ApiServerOnly)
                ? RunApiServerAsync(options, result, cancellationToken)
                : RunClusterAsync(options, result, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task RunApiServerAsync(UpOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        await using LocalControlPlane plane = await LocalControlPlane.StartAsync(
            options.ReadControlPlane(result), new ConsoleProgress(), cancellationToken).ConfigureAwait(false);
        await RunUntilInterruptedAsync(plane, result.GetValue(options.Kubeconfig), cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunClusterAsync(UpOptions options, ParseResult result, CancellationToken cancellationToken)
    {
        var cluster = new LocalClusterOptions { Images = options.ReadImages(result), ControlPlane = options.ReadControlPlane(result) };
        LocalNodeOptions[] nodes = result.GetValue(options.Nodes) ?? [];
        await using LocalClusterHost host = await LocalClusterHost.StartAsync(
            nodes.Length == 0 ? cluster : cluster with { Nodes = nodes }, new ConsoleProgress(), cancellationToken).ConfigureAwait(false);
        await RunUntilInterruptedAsync(host.ControlPlane, result.GetValue(options.Kubeconfig), cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunUntilInterruptedAsync(LocalControlPlane plane, FileInfo? kubeconfig, CancellationToken cancellationToken)
    {
        using TemporaryCopy? copy = TemporaryCopy.Create(plane.KubeconfigPath, kubeconfig?.FullName);
        Console.Out.WriteLine($"export KUBECONFIG={copy?.Path ?? plane.KubeconfigPath}");
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
