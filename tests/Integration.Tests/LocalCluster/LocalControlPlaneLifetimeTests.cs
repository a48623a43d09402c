using System.Diagnostics;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using LocalCluster.ControlPlane;

namespace Integration.Tests.LocalCluster;

public sealed partial class LocalControlPlaneLifetimeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ApiServer_StoppedAndStarted_ServesTheSameData()
    {
        await using LocalControlPlane plane = await LocalControlPlane.StartAsync(new LocalControlPlaneOptions(), cancellationToken: Cancel);
        using Kubernetes client = plane.CreateClient();
        // The API server makes the namespace `default` a moment after it is ready.
        await client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "lasting" } }, cancellationToken: Cancel);
        V1ConfigMap before = await client.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "kept" } }, "lasting", cancellationToken: Cancel);

        await plane.StopApiServerAsync(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CoreV1.ListNamespaceAsync(cancellationToken: Cancel));
        await plane.CompactEtcdAsync(Cancel);
        await plane.StartApiServerAsync(Cancel);

        V1ConfigMap after = await client.CoreV1.ReadNamespacedConfigMapAsync("kept", "lasting", cancellationToken: Cancel);
        Assert.Equal(before.Uid(), after.Uid());
    }

    [Fact]
    public async Task Dispose_RunningPlane_LeavesNoProcessDirectoryOrBridge()
    {
        LocalControlPlane plane = await LocalControlPlane.StartAsync(
            new LocalControlPlaneOptions { PodNetwork = true, ControllerManager = true }, cancellationToken: Cancel);
        await plane.PodNetwork!.AddNamespaceAsync(Cancel);
        string bridge = "/sys/class/net/" + plane.PodNetwork.BridgeName;
        string dataDirectory = plane.DataDirectory;
        int running = CountProcessesMentioning(dataDirectory);

        await plane.DisposeAsync();

        Assert.Equal(2, running);
        Assert.Equal(0, CountProcessesMentioning(dataDirectory));
        Assert.False(Directory.Exists(dataDirectory));
        Assert.False(Directory.Exists(bridge));
    }

    [Fact]
    public async Task Owner_Killed_TakesItsProcessesAlong_AndTheNextRunRemovesItsDirectories()
    {
        string executable = Path.Combine(AppContext.BaseDirectory, "leanserve-local-cluster");
        using Process owner = Process.Start(
            new ProcessStartInfo(executable, ["up", "--api-server-only"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Match announced = KubeconfigLine().Match(await owner.StandardOutput.ReadLineAsync(Cancel) ?? "");
        Assert.True(announced.Success);
        string dataDirectory = Path.GetDirectoryName(announced.Groups[1].Value)!;
        int running = CountProcessesMentioning(dataDirectory);

        owner.Kill();
        await Eventually.TrueAsync(() => CountProcessesMentioning(dataDirectory) == 0, s_patience);
        bool wasLeft = Directory.Exists(dataDirectory);
        await using LocalControlPlane next = await LocalControlPlane.StartAsync(new LocalControlPlaneOptions(), cancellationToken: Cancel);

        Assert.Equal(1, running);
        Assert.True(wasLeft);
        Assert.False(Directory.Exists(dataDirectory));
    }

    // The API server and the controller-manager are told of files there; etcd's data is elsewhere.
    private static int CountProcessesMentioning(string text) => Directory.EnumerateDirectories("/proc")
        .Select(directory => Path.Combine(directory, "cmdline"))
        .Count(path => ReadIfThere(path).Contains(text, StringComparison.Ordinal));

    private static string ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [GeneratedRegex("^export KUBECONFIG=(.+)$")]
    private static partial Regex KubeconfigLine();
}
