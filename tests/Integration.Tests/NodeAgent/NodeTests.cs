using k8s;
using k8s.Models;

namespace Integration.Tests.NodeAgent;

[Collection(NodeAgentTestGroup.Name)]
public sealed class NodeTests(NodeAgentCluster cluster)
{
    [Fact]
    public async Task GpuPod_WithSelectorAndToleration_RunsOnTheNodeThatOffersGpus()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, GpuPod("tolerant", tolerates: true));
        await cluster.CreatePodAsync(space, GpuPod("intolerant", tolerates: false));

        var pod = await cluster.WaitForPodAsync(space, "tolerant", ShellPod.IsReady);
        Assert.Equal(NodeAgentCluster.GpuNode, pod.Spec.NodeName);
        Assert.Equal("0,1\n", await cluster.WaitForLogAsync(space, "tolerant", "\n"));

        var refused = await cluster.WaitForPodAsync(space, "intolerant", pod => pod.Status.Conditions?.Any(condition => condition.Reason == "Unschedulable") == true);
        Assert.Null(refused.Spec.NodeName);
    }

    [Fact]
    public async Task Node_Registered_IsReadyWithItsCapacityLabelsAndLease()
    {
        var node = await cluster.Client.CoreV1.ReadNodeAsync(NodeAgentCluster.GpuNode, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains(node.Status.Conditions, condition => condition is { Type: "Ready", Status: "True" });
        Assert.Equal(2, node.Status.Allocatable["nvidia.com/gpu"].ToDecimal());
        Assert.Equal("NVIDIA-L4", node.Metadata.Labels["nvidia.com/gpu.product"]);
        Assert.Contains(node.Spec.Taints, taint => taint is { Key: "nvidia.com/gpu", Effect: "NoSchedule" });
        var lease = await cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync(NodeAgentCluster.GpuNode, "kube-node-lease", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(NodeAgentCluster.GpuNode, lease.Spec.HolderIdentity);
    }

    [Fact]
    public async Task Logs_Followed_ArriveAsTheyAreWrittenAndEndWithTheContainer()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("talking", "for i in 1 2 3; do echo line $i; sleep 0.5; done", (spec, _) => spec.RestartPolicy = "Never"));
        await cluster.WaitForLogAsync(space, "talking", "line 1");

        await using var stream = await cluster.Client.CoreV1.ReadNamespacedPodLogAsync("talking", space, follow: true, cancellationToken: TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var followed = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal("line 1\nline 2\nline 3\n", followed);
        Assert.Equal("line 3\n", await cluster.ReadLogAsync(space, "talking", tailLines: 1));
    }

    [Fact]
    public async Task Agent_WhenTheApiServerRestarts_KeepsItsPodsAndTakesNewOnes()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("before", ShellPod.Sleep));
        var before = await cluster.WaitForPodAsync(space, "before", ShellPod.IsReady);

        await cluster.Host.ControlPlane.StopApiServerAsync(TimeSpan.Zero);
        await cluster.Host.ControlPlane.StartApiServerAsync(TestContext.Current.CancellationToken);

        await cluster.CreatePodAsync(space, ShellPod.Create("after", ShellPod.Sleep));
        await cluster.WaitForPodAsync(space, "after", ShellPod.IsReady);
        var kept = await cluster.WaitForPodAsync(space, "before", ShellPod.IsReady);
        Assert.Equal(ShellPod.MainStatus(before)!.ContainerID, ShellPod.MainStatus(kept)!.ContainerID);
    }

    [Fact]
    public async Task LogServer_AskedWithoutTheApiServersCertificate_Refuses()
    {
        var node = await cluster.Client.CoreV1.ReadNodeAsync(NodeAgentCluster.PlainNode, cancellationToken: TestContext.Current.CancellationToken);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var http = new HttpClient(handler);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(
            $"https://{node.Status.Addresses[0].Address}:{node.Status.DaemonEndpoints.KubeletEndpoint.Port}/pods", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SecurityContext_Restricted_IsHonoured()
    {
        var space = await cluster.CreateNamespaceAsync();
        var script = "id -u; id -g; (touch /file 2>&1); touch /tmp/file && echo scratch; grep -E 'NoNewPrivs|CapEff' /proc/self/status; ls /root 2>&1 | head -1";
        await cluster.CreatePodAsync(space, ShellPod.Create("restricted", script, (spec, container) =>
        {
            spec.RestartPolicy = "Never";
            spec.SecurityContext = new V1PodSecurityContext { RunAsNonRoot = true, RunAsUser = 65532, RunAsGroup = 65533, FsGroup = 65534 };
            spec.Volumes = [new V1Volume { Name = "scratch", EmptyDir = new V1EmptyDirVolumeSource() }];
            container.VolumeMounts = [new V1VolumeMount { Name = "scratch", MountPath = "/tmp" }];
            container.SecurityContext = new V1SecurityContext
            {
                AllowPrivilegeEscalation = false, ReadOnlyRootFilesystem = true, Capabilities = new V1Capabilities { Drop = ["ALL"] }
            };
        }));

        await cluster.WaitForPodAsync(space, "restricted", pod => pod.Status.Phase == "Succeeded");

        var lines = (await cluster.ReadLogAsync(space, "restricted")).Split('\n');
        Assert.Equal(["65532", "65533"], lines[..2]);
        Assert.Contains("Read-only file system", lines[2], StringComparison.Ordinal);
        Assert.Equal("scratch", lines[3]);
        Assert.Equal(["CapEff:\t0000000000000000", "NoNewPrivs:\t1"], lines[4..6]);
        Assert.Contains("No such file", lines[6], StringComparison.Ordinal);
    }

    private static V1Pod GpuPod(string name, bool tolerates) => ShellPod.Create(name, "echo $NVIDIA_VISIBLE_DEVICES; " + ShellPod.Sleep, (spec, container) =>
    {
        spec.NodeSelector = new Dictionary<string, string> { ["nvidia.com/gpu.product"] = "NVIDIA-L4" };
        spec.Tolerations = tolerates ? [new V1Toleration { Key = "nvidia.com/gpu", OperatorProperty = "Exists", Effect = "NoSchedule" }] : null;
        container.Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["nvidia.com/gpu"] = new("2") } };
    });
}
