using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using LocalCluster.ControlPlane;
using LocalCluster.ControlPlane.Network;
using LocalCluster.ControlPlane.Processes;

namespace Integration.Tests.LocalCluster;

public sealed class LocalControlPlaneTests(FullControlPlane fixture) : IClassFixture<FullControlPlane>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private LocalControlPlane Plane => fixture.Plane;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ControllerManager_NewNamespace_GetsDefaultServiceAccount()
    {
        using Kubernetes admin = Plane.CreateClient();
        await CreateNamespaceAsync(admin, "fresh");

        await Eventually.TrueAsync(
            async () => (await admin.CoreV1.ListNamespacedServiceAccountAsync("fresh", cancellationToken: Cancel))
                .Items.Any(account => account.Name() == "default"),
            s_patience);
    }

    [Fact]
    public async Task ServiceAccountClient_WithoutRole_IsForbidden_AndWithRoleIsAllowed()
    {
        using Kubernetes admin = Plane.CreateClient();
        await CreateNamespaceAsync(admin, "rbac");
        await admin.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "reader" } }, "rbac", cancellationToken: Cancel);
        using Kubernetes reader = await Plane.CreateClientForAsync("rbac", "reader", cancellationToken: Cancel);

        var denied = await Assert.ThrowsAsync<HttpOperationException>(
            () => reader.CoreV1.ListNamespacedConfigMapAsync("rbac", cancellationToken: Cancel));
        await GrantConfigMapReadAsync(admin, "rbac", "reader");

        Assert.Equal(HttpStatusCode.Forbidden, denied.Response.StatusCode);
        Assert.Contains("system:serviceaccount:rbac:reader", denied.Response.Content, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => CanListConfigMapsAsync(reader, "rbac"), s_patience);
    }

    [Fact]
    public async Task NodeClient_ForeignNode_IsForbidden_AndItsOwnIsAllowed()
    {
        using Kubernetes node = Plane.CreateNodeClient("worker-a");

        V1Node created = await node.CoreV1.CreateNodeAsync(NewNode("worker-a"), cancellationToken: Cancel);
        var denied = await Assert.ThrowsAsync<HttpOperationException>(
            () => node.CoreV1.CreateNodeAsync(NewNode("worker-b"), cancellationToken: Cancel));

        Assert.Equal("worker-a", created.Name());
        Assert.Equal(HttpStatusCode.Forbidden, denied.Response.StatusCode);
    }

    [Fact]
    public async Task Scheduler_ReadyNodeAndPod_BindsThePod()
    {
        using Kubernetes admin = Plane.CreateClient();
        await admin.CoreV1.CreateNodeAsync(NewNode("worker-c"), cancellationToken: Cancel);
        // A patch, since the node lifecycle controller writes the same node.
        const string Ready = """
            {"status":{"allocatable":{"cpu":"4","memory":"1Gi","pods":"10"},"conditions":[{"type":"Ready","status":"True"}]}}
            """;
        await admin.CoreV1.PatchNodeStatusAsync(
            new V1Patch(Ready, V1Patch.PatchType.StrategicMergePatch), "worker-c", cancellationToken: Cancel);
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "waiting" },
            Spec = new V1PodSpec
            {
                NodeSelector = new Dictionary<string, string> { ["kubernetes.io/hostname"] = "worker-c" },
                Containers = [new V1Container { Name = "main", Image = "none" }],
            },
        };

        await admin.CoreV1.CreateNamespacedPodAsync(pod, "default", cancellationToken: Cancel);

        await Eventually.TrueAsync(
            async () => (await admin.CoreV1.ReadNamespacedPodAsync("waiting", "default", cancellationToken: Cancel)).Spec.NodeName == "worker-c",
            s_patience);
    }

    [Fact]
    public async Task PodNetwork_NamespacesOfTwoPods_ReachApiServer_AndGoWithDisposal()
    {
        PodNetwork network = Plane.PodNetwork!;
        PodNetworkNamespace first = await network.AddNamespaceAsync(Cancel);
        await using PodNetworkNamespace second = await network.AddNamespaceAsync(Cancel);

        // Succeeds only when the connection does.
        string connect = $"exec 3<>/dev/tcp/{Plane.Address.Host}/{Plane.Address.Port}";
        await Command.RunAsync("ip", ["netns", "exec", first.Name, "bash", "-c", connect], Cancel);
        await Command.RunAsync("ip", ["netns", "exec", second.Name, "bash", "-c", connect], Cancel);
        await first.DisposeAsync();

        Assert.NotEqual(first.Address, second.Address);
        Assert.True(network.Subnet.Contains(second.Address));
        Assert.False(File.Exists(first.Path));
        Assert.True(File.Exists(second.Path));
    }

    // An API server built with a reflect2 older than its Go dies here.
    [Fact]
    public async Task ApiServer_CustomResourceWithNestedMap_IsStored()
    {
        using Kubernetes admin = Plane.CreateClient();
        await admin.ApiextensionsV1.CreateCustomResourceDefinitionAsync(NewDefinition(), cancellationToken: Cancel);
        await Eventually.TrueAsync(() => IsEstablishedAsync(admin, "probes.example.test"), s_patience);
        var probe = new Dictionary<string, object>
        {
            ["apiVersion"] = "example.test/v1",
            ["kind"] = "Probe",
            ["metadata"] = new Dictionary<string, object> { ["name"] = "first" },
            ["spec"] = new Dictionary<string, object> { ["b"] = 2, ["a"] = new Dictionary<string, object> { ["z"] = 1, ["y"] = "2" } },
        };

        await admin.CustomObjects.CreateNamespacedCustomObjectAsync(probe, "example.test", "v1", "default", "probes", cancellationToken: Cancel);

        var stored = (JsonElement)await admin.CustomObjects.GetNamespacedCustomObjectAsync(
            "example.test", "v1", "default", "probes", "first", cancellationToken: Cancel);
        Assert.Equal("2", stored.GetProperty("spec").GetProperty("a").GetProperty("y").GetString());
    }

    private static V1CustomResourceDefinition NewDefinition() => new()
    {
        Metadata = new V1ObjectMeta { Name = "probes.example.test" },
        Spec = new V1CustomResourceDefinitionSpec
        {
            Group = "example.test",
            Scope = "Namespaced",
            Names = new V1CustomResourceDefinitionNames { Plural = "probes", Singular = "probe", Kind = "Probe" },
            Versions =
            [
                new V1CustomResourceDefinitionVersion
                {
                    Name = "v1",
                    Served = true,
                    Storage = true,
                    Schema = new V1CustomResourceValidation
                    {
                        OpenAPIV3Schema = new V1JSONSchemaProps { Type = "object", XKubernetesPreserveUnknownFields = true },
                    },
                },
            ],
        },
    };

    private static async Task<bool> IsEstablishedAsync(Kubernetes admin, string definition)
    {
        V1CustomResourceDefinition found =
            await admin.ApiextensionsV1.ReadCustomResourceDefinitionAsync(definition, cancellationToken: Cancel);
        return found.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) == true;
    }

    private static Task<V1Namespace> CreateNamespaceAsync(Kubernetes admin, string name) =>
        admin.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken: Cancel);

    private static V1Node NewNode(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["kubernetes.io/hostname"] = name } },
    };

    private static async Task GrantConfigMapReadAsync(Kubernetes admin, string ns, string serviceAccount)
    {
        var metadata = new V1ObjectMeta { Name = "configmap-reader" };
        await admin.RbacAuthorizationV1.CreateNamespacedRoleAsync(
            new V1Role { Metadata = metadata, Rules = [new V1PolicyRule { ApiGroups = [""], Resources = ["configmaps"], Verbs = ["list"] }] },
            ns,
            cancellationToken: Cancel);
        var binding = new V1RoleBinding
        {
            Metadata = metadata,
            RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = metadata.Name },
            Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = serviceAccount, NamespaceProperty = ns }],
        };
        await admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(binding, ns, cancellationToken: Cancel);
    }

    private static async Task<bool> CanListConfigMapsAsync(Kubernetes client, string ns)
    {
        try
        {
            await client.CoreV1.ListNamespacedConfigMapAsync(ns, cancellationToken: Cancel);
            return true;
        }
        catch (HttpOperationException error) when (error.Response.StatusCode == HttpStatusCode.Forbidden)
        {
            return false;
        }
    }
}
