using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Integration.Tests.NodeAgent;

[Collection(NodeAgentTestGroup.Name)]
public sealed class PodLifeTests(NodeAgentCluster cluster)
{
    [Fact]
    public async Task Pod_WithHttpReadinessProbe_BecomesReadyAndReachable()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("web", ShellPod.HttpServer, (_, container) =>
        {
            container.Ports = [new V1ContainerPort { Name = "http", ContainerPort = 8080 }];
            container.ReadinessProbe = new V1Probe { HttpGet = new V1HTTPGetAction { Path = "/ready", Port = "http" }, PeriodSeconds = 1 };
        }));

        var pod = await cluster.WaitForPodAsync(space, "web", ShellPod.IsReady);

        Assert.Equal("Running", pod.Status.Phase);
        Assert.Equal(cluster.Host.ControlPlane.PodNetwork!.HostAddress.ToString(), pod.Status.HostIP);
        Assert.All(["Initialized", "ContainersReady", "PodScheduled"], type =>
            Assert.Contains(pod.Status.Conditions, condition => condition.Type == type && condition.Status == "True"));
        Assert.True(ShellPod.MainStatus(pod) is { Ready: true, Started: true, RestartCount: 0, State.Running: not null });
        using var http = new HttpClient();
        using var response = await http.GetAsync($"http://{pod.Status.PodIP}:8080/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Pod_WhoseReadinessProbeFailsLater_BecomesUnreadyWithoutRestart()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("fading", "touch /tmp/ok; sleep 2; rm /tmp/ok; " + ShellPod.Sleep, (_, container) =>
            container.ReadinessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["/usr/bin/test", "-e", "/tmp/ok"] }, PeriodSeconds = 1, FailureThreshold = 1 }));
        await cluster.WaitForPodAsync(space, "fading", ShellPod.IsReady);

        var pod = await cluster.WaitForPodAsync(space, "fading", pod => !ShellPod.IsReady(pod));

        Assert.Equal(0, ShellPod.MainStatus(pod)!.RestartCount);
        Assert.Contains(pod.Status.Conditions, condition => condition is { Type: "Ready", Reason: "ContainersNotReady" });
        await cluster.WaitForEventAsync(space, "fading", "Unhealthy", "Readiness probe failed");
    }

    [Fact]
    public async Task Pod_ThatCrashes_BacksOffWithExitCodeAndLastWords()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("crashing", "echo model.onnx is damaged >&2; exit 7", (_, container) =>
            container.TerminationMessagePolicy = "FallbackToLogsOnError"));

        var pod = await cluster.WaitForPodAsync(space, "crashing", pod => ShellPod.MainStatus(pod)?.State.Waiting?.Reason == "CrashLoopBackOff");

        var status = ShellPod.MainStatus(pod)!;
        Assert.Equal(7, status.LastState.Terminated.ExitCode);
        Assert.Equal("Error", status.LastState.Terminated.Reason);
        Assert.Equal("model.onnx is damaged", status.LastState.Terminated.Message);
        Assert.Equal(1, status.RestartCount);
        Assert.Contains("back-off 10s", status.State.Waiting.Message, StringComparison.Ordinal);
        Assert.Equal("Running", pod.Status.Phase);
        Assert.Contains("damaged", await cluster.WaitForLogAsync(space, "crashing", "damaged", previous: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pod_ThatFailsItsLivenessProbe_IsRestarted()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("stuck", ShellPod.Sleep, (_, container) =>
            container.LivenessProbe = new V1Probe { TcpSocket = new V1TCPSocketAction { Port = 8080 }, PeriodSeconds = 1, FailureThreshold = 2 }));

        var pod = await cluster.WaitForPodAsync(space, "stuck", pod => ShellPod.MainStatus(pod)?.RestartCount > 0);

        Assert.Equal(0, ShellPod.MainStatus(pod)!.LastState.Terminated.ExitCode);
        await cluster.WaitForEventAsync(space, "stuck", "Killing", "failed liveness probe");
    }

    [Fact]
    public async Task Pod_ThatStartsSlowly_IsSparedByItsStartupProbe()
    {
        var space = await cluster.CreateNamespaceAsync();
        V1Probe Probe(int failures) => new()
        {
            Exec = new V1ExecAction { Command = ["/usr/bin/test", "-e", "/tmp/up"] }, PeriodSeconds = 1, FailureThreshold = failures
        };
        await cluster.CreatePodAsync(space, ShellPod.Create("slow", "sleep 2; touch /tmp/up; " + ShellPod.Sleep, (_, container) =>
            (container.StartupProbe, container.LivenessProbe) = (Probe(30), Probe(1))));
        await cluster.CreatePodAsync(space, ShellPod.Create("never", ShellPod.Sleep, (_, container) => container.StartupProbe = Probe(2)));

        var slow = await cluster.WaitForPodAsync(space, "slow", ShellPod.IsReady);
        var never = await cluster.WaitForPodAsync(space, "never", pod => ShellPod.MainStatus(pod)?.RestartCount > 0);

        Assert.Equal(0, ShellPod.MainStatus(slow)!.RestartCount);
        Assert.False(ShellPod.IsReady(never));
    }

    [Fact]
    public async Task Pod_OfKindJob_SucceedsOrFailsByItsExitCode()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("good", "echo '{\"ok\":1}' > /dev/termination-log", (spec, _) => spec.RestartPolicy = "Never"));
        await cluster.CreatePodAsync(space, ShellPod.Create("bad", "exit 3", (spec, _) => spec.RestartPolicy = "Never"));
        await cluster.CreatePodAsync(space, ShellPod.Create("late", ShellPod.Sleep, (spec, _) => (spec.RestartPolicy, spec.ActiveDeadlineSeconds) = ("Never", 1)));

        var good = await cluster.WaitForPodAsync(space, "good", pod => pod.Status.Phase == "Succeeded");
        var bad = await cluster.WaitForPodAsync(space, "bad", pod => pod.Status.Phase == "Failed");
        var late = await cluster.WaitForPodAsync(space, "late", pod => pod.Status.Phase == "Failed");

        Assert.Equal(("Completed", "{\"ok\":1}\n"), (ShellPod.MainStatus(good)!.State.Terminated.Reason, ShellPod.MainStatus(good)!.State.Terminated.Message));
        Assert.Equal(3, ShellPod.MainStatus(bad)!.State.Terminated.ExitCode);
        Assert.Equal("DeadlineExceeded", late.Status.Reason);
    }

    [Fact]
    public async Task InitContainers_InOrder_FinishBeforeTheContainerStarts()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("ordered", "echo third >> /shared/order; cat /shared/order; " + ShellPod.Sleep, (spec, container) =>
        {
            spec.Volumes = [new V1Volume { Name = "shared", EmptyDir = new V1EmptyDirVolumeSource() }];
            container.VolumeMounts = [new V1VolumeMount { Name = "shared", MountPath = "/shared" }];
            spec.InitContainers = [Init("one", "sleep 0.5; echo first >> /shared/order"), Init("two", "echo second >> /shared/order")];
        }));

        var log = await cluster.WaitForLogAsync(space, "ordered", "third");

        Assert.Equal("first\nsecond\nthird\n", log);
        var pod = await cluster.WaitForPodAsync(space, "ordered", ShellPod.IsReady);
        Assert.All(pod.Status.InitContainerStatuses, status => Assert.Equal("Completed", status.State.Terminated.Reason));
    }

    [Fact]
    public async Task Pod_WithUnknownImage_SaysSoAndListsTheKnownOnes()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("unknown", "true", (_, container) => container.Image = "nobody/knows:1"));

        var pod = await cluster.WaitForPodAsync(space, "unknown", pod => ShellPod.MainStatus(pod)?.State.Waiting?.Reason == "ImagePullBackOff");

        Assert.Contains("greeter, shell", ShellPod.MainStatus(pod)!.State.Waiting.Message, StringComparison.Ordinal);
        Assert.Equal("Pending", pod.Status.Phase);
    }

    [Fact]
    public async Task Pod_Deleted_TerminatesGracefullyAndLeavesNothing()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("ending", "trap 'echo bye > /out/said; exit 0' TERM; touch /tmp/ok; sleep 987654 & wait", (spec, container) =>
        {
            container.ReadinessProbe = OnceTrapped();
            var folder = Directory.CreateTempSubdirectory("node-agent-test-").FullName;
            spec.Volumes = [new V1Volume { Name = "out", HostPath = new V1HostPathVolumeSource { Path = folder } }];
            container.VolumeMounts = [new V1VolumeMount { Name = "out", MountPath = "/out" }];
        }));
        var pod = await cluster.WaitForPodAsync(space, "ending", ShellPod.IsReady);
        var before = Namespaces();

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("ending", space, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(await NodeAgentCluster.EventuallyAsync(() => IsGoneAsync(space, "ending")));
        var folder = pod.Spec.Volumes.Single(volume => volume.HostPath is not null).HostPath.Path;
        Assert.Equal("bye\n", await File.ReadAllTextAsync(Path.Combine(folder, "said"), TestContext.Current.CancellationToken));
        Assert.True(Namespaces() < before);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), process => CommandLine(process).Contains("987654", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Pod_ThatIgnoresTheSignal_IsKilledWhenItsGraceEnds()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("deaf", "trap '' TERM; touch /tmp/ok; while true; do sleep 1; done", (spec, container) =>
        {
            spec.TerminationGracePeriodSeconds = 1;
            container.ReadinessProbe = OnceTrapped();
        }));
        await cluster.WaitForPodAsync(space, "deaf", ShellPod.IsReady);
        var start = TimeProvider.System.GetTimestamp();

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("deaf", space, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(await NodeAgentCluster.EventuallyAsync(() => IsGoneAsync(space, "deaf")));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));
    }

    /// <summary>A container runs before its shell has read the first command.</summary>
    private static V1Probe OnceTrapped() => new() { Exec = new V1ExecAction { Command = ["/usr/bin/test", "-e", "/tmp/ok"] }, PeriodSeconds = 1 };

    private async Task<bool> IsGoneAsync(string space, string name)
    {
        try
        {
            await cluster.Client.CoreV1.ReadNamespacedPodAsync(name, space);
            return false;
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return true;
        }
    }

    private static V1Container Init(string name, string script) => new()
    {
        Name = name, Image = "shell", Command = ["/bin/bash", "-c", script],
        VolumeMounts = [new V1VolumeMount { Name = "shared", MountPath = "/shared" }]
    };

    private static int Namespaces() => Directory.EnumerateFiles("/run/netns").Count();

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
