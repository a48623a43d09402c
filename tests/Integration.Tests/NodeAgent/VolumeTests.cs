using System.Text;
using k8s;
using k8s.Models;

namespace Integration.Tests.NodeAgent;

[Collection(NodeAgentTestGroup.Name)]
public sealed class VolumeTests(NodeAgentCluster cluster)
{
    [Fact]
    public async Task ConfigMapVolume_WhenTheMapChanges_ShowsTheNewFilesToTheRunningPod()
    {
        var space = await cluster.CreateNamespaceAsync();
        await CreateMapAsync(space, "book", ("a.txt", "one"), ("old.txt", "gone"));
        await cluster.CreatePodAsync(space, ShellPod.Create("reader", "while true; do echo $(cd /etc/book; head -c 99 *.txt | tr '\\n' ' '); sleep 0.2; done", WithMap("book")));
        await cluster.WaitForLogAsync(space, "reader", "==> a.txt <== one ==> old.txt <== gone");

        await cluster.Client.CoreV1.ReplaceNamespacedConfigMapAsync(Map("book", ("a.txt", "two"), ("b.txt", "new")), "book", space, cancellationToken: TestContext.Current.CancellationToken);

        await cluster.WaitForLogAsync(space, "reader", "==> a.txt <== two ==> b.txt <== new");
    }

    [Fact]
    public async Task ConfigMapVolume_OfAMissingMap_KeepsThePodWaitingUntilItAppears()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.CreatePodAsync(space, ShellPod.Create("waiting", "cat /etc/book/a.txt; " + ShellPod.Sleep, WithMap("later")));
        await cluster.WaitForEventAsync(space, "waiting", "FailedMount", "configmap \"later\" not found");
        var pod = await cluster.WaitForPodAsync(space, "waiting", pod => ShellPod.MainStatus(pod)?.State.Waiting?.Reason == "ContainerCreating");
        Assert.Equal("Pending", pod.Status.Phase);

        await CreateMapAsync(space, "later", ("a.txt", "here now\n"));

        Assert.Contains("here now", await cluster.WaitForLogAsync(space, "waiting", "here now"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClaimVolume_BackedByAHostPath_ShowsItsFilesAndCanBeWrittenUnlessReadOnly()
    {
        var space = await cluster.CreateNamespaceAsync();
        var folder = Directory.CreateTempSubdirectory("node-agent-test-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "model.onnx"), "weights\n", TestContext.Current.CancellationToken);
        await CreateClaimAsync(space, folder.FullName);
        var script = "cat /models/model.onnx; echo written > /scratch/note; echo x > /models/x || echo refused; " + ShellPod.Sleep;
        await cluster.CreatePodAsync(space, ShellPod.Create("claiming", script, (spec, container) =>
        {
            spec.Volumes = [new V1Volume { Name = "models", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "models" } }];
            container.VolumeMounts =
            [
                new V1VolumeMount { Name = "models", MountPath = "/models", ReadOnlyProperty = true },
                new V1VolumeMount { Name = "models", MountPath = "/scratch", SubPath = "scratch" }
            ];
        }));

        var log = await cluster.WaitForLogAsync(space, "claiming", "refused");

        Assert.StartsWith("weights", log, StringComparison.Ordinal);
        Assert.Equal("written\n", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "scratch", "note"), TestContext.Current.CancellationToken));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ProjectedVolume_HoldsATokenThatTheApiServerAcceptsAndTheDownwardApi()
    {
        var space = await cluster.CreateNamespaceAsync();
        var script = "grep -o 'app=.*' /projected/labels; curl -sS --cacert /var/run/secrets/kubernetes.io/serviceaccount/ca.crt -H \"Authorization: Bearer $(cat /projected/token)\" "
            + "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/$SPACE/pods; echo end; " + ShellPod.Sleep;
        await cluster.CreatePodAsync(space, ShellPod.Create("projected", script, (spec, container) =>
        {
            spec.Volumes = [new V1Volume { Name = "projected", Projected = new V1ProjectedVolumeSource { Sources =
            [
                new V1VolumeProjection { ServiceAccountToken = new V1ServiceAccountTokenProjection { Path = "token", ExpirationSeconds = 600 } },
                new V1VolumeProjection { DownwardAPI = new V1DownwardAPIProjection { Items = [new V1DownwardAPIVolumeFile { Path = "labels", FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.labels" } }] } }
            ] } }];
            container.VolumeMounts = [new V1VolumeMount { Name = "projected", MountPath = "/projected" }];
            container.Env = [new V1EnvVar { Name = "SPACE", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.namespace" } } }];
        }));

        var log = await cluster.WaitForLogAsync(space, "projected", "end");

        Assert.StartsWith("app=\"projected\"", log, StringComparison.Ordinal);
        Assert.Contains($"system:serviceaccount:{space}:default\\\" cannot list", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Environment_FromMapsSecretsFieldsAndExpansion_ReachesTheProcess()
    {
        var space = await cluster.CreateNamespaceAsync();
        await CreateMapAsync(space, "settings", ("COLOUR", "blue"));
        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(
            new V1Secret { Metadata = new V1ObjectMeta { Name = "keys" }, Data = new Dictionary<string, byte[]> { ["key"] = Encoding.UTF8.GetBytes("s3cret") } }, space,
            cancellationToken: TestContext.Current.CancellationToken);
        await cluster.CreatePodAsync(space, ShellPod.Create("env", "echo $COLOUR $KEY $ADDRESS $JOINED $CPU; echo \"$0\"", (spec, container) =>
        {
            spec.RestartPolicy = "Never";
            container.Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("250m") } };
            container.Args = ["$(JOINED)-$$(KEY)"];
            container.EnvFrom = [new V1EnvFromSource { ConfigMapRef = new V1ConfigMapEnvSource { Name = "settings" } }];
            container.Env =
            [
                new V1EnvVar { Name = "KEY", ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = "keys", Key = "key" } } },
                new V1EnvVar { Name = "ADDRESS", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "status.podIP" } } },
                new V1EnvVar { Name = "JOINED", Value = "$(COLOUR)/$(KEY)" },
                new V1EnvVar { Name = "CPU", ValueFrom = new V1EnvVarSource { ResourceFieldRef = new V1ResourceFieldSelector { Resource = "limits.cpu", Divisor = new ResourceQuantity("1m") } } }
            ];
        }));

        var pod = await cluster.WaitForPodAsync(space, "env", pod => pod.Status.Phase == "Succeeded");

        Assert.Equal($"blue s3cret {pod.Status.PodIP} blue/s3cret 250\nblue/s3cret-$(KEY)\n", await cluster.ReadLogAsync(space, "env"));
    }

    private Action<V1PodSpec, V1Container> WithMap(string map) => (spec, container) =>
    {
        spec.Volumes = [new V1Volume { Name = "book", ConfigMap = new V1ConfigMapVolumeSource { Name = map } }];
        container.VolumeMounts = [new V1VolumeMount { Name = "book", MountPath = "/etc/book" }];
    };

    private Task CreateMapAsync(string space, string name, params (string Key, string Value)[] entries) =>
        cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(Map(name, entries), space);

    private static V1ConfigMap Map(string name, params (string Key, string Value)[] entries) =>
        new() { Metadata = new V1ObjectMeta { Name = name }, Data = entries.ToDictionary(entry => entry.Key, entry => entry.Value) };

    // One after the other: a claim whose volume the control plane has not seen yet is looked at again after a quarter of a minute only.
    private async Task CreateClaimAsync(string space, string folder)
    {
        var volumeName = $"models-{space}";
        var size = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") };
        await cluster.Client.CoreV1.CreatePersistentVolumeAsync(new V1PersistentVolume
        {
            Metadata = new V1ObjectMeta { Name = volumeName },
            Spec = new V1PersistentVolumeSpec
            {
                Capacity = size, AccessModes = ["ReadWriteOnce"], StorageClassName = "", HostPath = new V1HostPathVolumeSource { Path = folder },
                ClaimRef = new V1ObjectReference { NamespaceProperty = space, Name = "models" }
            }
        });
        Assert.True(await NodeAgentCluster.EventuallyAsync(async () => (await cluster.Client.CoreV1.ReadPersistentVolumeAsync(volumeName)).Status.Phase == "Available"), "The volume never became available.");
        await cluster.Client.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(
            new V1PersistentVolumeClaim
            {
                Metadata = new V1ObjectMeta { Name = "models" },
                Spec = new V1PersistentVolumeClaimSpec
                {
                    AccessModes = ["ReadWriteOnce"], StorageClassName = "", VolumeName = volumeName,
                    Resources = new V1VolumeResourceRequirements { Requests = size }
                }
            }, space);
        Assert.True(await NodeAgentCluster.EventuallyAsync(async () => (await cluster.Client.CoreV1.ReadNamespacedPersistentVolumeClaimAsync("models", space)).Status.Phase == "Bound"), "The claim was never bound.");
    }
}
