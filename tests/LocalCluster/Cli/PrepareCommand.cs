using LocalCluster.ControlPlane;
using LocalCluster.ControlPlane.Binaries;

namespace LocalCluster.Cli;

/// <summary><c>leanserve-local-cluster prepare</c>: obtains what a cluster needs, without starting one.</summary>
internal static class PrepareCommand
{
    public static System.CommandLine.Command Create()
    {
        var command = new System.CommandLine.Command(
            "prepare",
            "Obtain the executables (KUBEBUILDER_ASSETS, the cache, or a build from Debian's source package, 5 to 9 minutes) "
            + "and the Debian packages that a cluster needs; starts nothing.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(CancellationToken cancellationToken) => ExitStatus.OfAsync(async () =>
    {
        var progress = new ConsoleProgress();
        await DebianPackages.EnsureAsync(DebianPackage.Runtime, progress, cancellationToken).ConfigureAwait(false);
        ControlPlaneBinaries binaries = await ControlPlaneBinaryLocator.ObtainAsync(
            LocalControlPlaneOptions.Full, progress, cancellationToken).ConfigureAwait(false);
        Console.Out.WriteLine($"Kubernetes {binaries.KubernetesVersion}: {Path.GetDirectoryName(binaries.ApiServer)}");
        Console.Out.WriteLine($"etcd: {binaries.Etcd}");
    }, cancellationToken);
}
