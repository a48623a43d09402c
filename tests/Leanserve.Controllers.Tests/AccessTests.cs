using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Leanserve.Controllers.Tests.Support;

namespace Leanserve.Controllers.Tests;

/// <summary>The runtime under the permissions of a ServiceAccount, never as administrator.</summary>
public sealed class AccessTests(ApiServerFixture api)
{
    private const string Account = "operator";

    [Fact, Trait("Case", "33")]
    public async Task Namespaced_WithNothingButARole_DoesEverything()
    {
        var ns = await CreateAccountAsync();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Namespace = ns,
            WithFinalizer = true,
            Client = server => api.Plane.CreateClientForAsync(ns, Account, server).GetAwaiter().GetResult(),
            Settings = s => s.LeaderElectionType = LeaderElectionType.Single,
            Controller = c => c.Owns<V1ConfigMap>().Watches<V1Node>(_ => [], w => w.Optional = true),
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                await self.Writer.ApplyAsync(
                    new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "child", NamespaceProperty = ns } }, token);
                await self.Writer.PatchStatusAsync(widget, w => w.Status = new() { Note = "done" }, token);
                await self.Service<EventPublisher>()(widget, "Done", "Done.", cancellationToken: token);
                return Results.Ok(widget);
            },
        });
        await op.Widgets.CreateAsync("w");

        await Eventually.TrueAsync(async () => (await op.Widgets.GetAsync("w"))!.Status?.Note == "done");
        await Eventually.TrueAsync(async () => (await api.Admin.CoreV1.ListNamespacedEventAsync(ns)).Items.Any(e => e.Reason == "Done"));
        await op.Widgets.DeleteAsync("w");
        await Eventually.TrueAsync(async () => await op.Widgets.GetAsync("w") is null);
        Assert.False(op.Cache<V1Node>().HasSynced);
    }

    [Fact, Trait("Case", "30")]
    public async Task Permissions_RevokedAndRestored_AreNoticedWithoutARestart()
    {
        var ns = await CreateAccountAsync();
        await using var op = await OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Namespace = ns,
            Client = server => api.Plane.CreateClientForAsync(ns, Account, server).GetAwaiter().GetResult(),
            Settings = s => s.Watch.Timeout = TimeSpan.FromSeconds(1),
        });
        await op.Widgets.CreateAsync("before");
        await Eventually.True(() => op.Script.CountOf("before") > 0);

        await api.Admin.RbacAuthorizationV1.DeleteNamespacedRoleBindingAsync(Account, ns);
        await Eventually.TrueAsync(async () => await op.MetricAsync("controller_watch_restarts_total", "Refused") > 0);
        await op.Widgets.CreateAsync("meanwhile");
        Assert.Equal(0, op.Script.CountOf("meanwhile"));
        Assert.NotNull(op.Cache<Widget>().Get(ns, "before"));

        await BindAsync(ns);
        await Eventually.True(() => op.Script.CountOf("meanwhile") > 0);
    }

    /// <summary>A ServiceAccount in a namespace of its own, with the Role that a namespaced operator needs and nothing more.</summary>
    private async Task<string> CreateAccountAsync()
    {
        var ns = await api.CreateNamespaceAsync();
        await api.Admin.CoreV1.CreateNamespacedServiceAccountAsync(new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = Account } }, ns);
        V1PolicyRule Rule(string group, string[] resources, params string[] verbs) => new() { ApiGroups = [group], Resources = resources, Verbs = verbs };
        await api.Admin.RbacAuthorizationV1.CreateNamespacedRoleAsync(
            new V1Role
            {
                Metadata = new V1ObjectMeta { Name = Account },
                Rules =
                [
                    Rule("test.leanserve.io", ["widgets"], "get", "list", "watch", "patch"),
                    Rule("test.leanserve.io", ["widgets/status"], "patch"),
                    Rule("", ["configmaps"], "get", "list", "watch", "create", "patch"),
                    Rule("", ["events"], "create", "patch"),
                    Rule("coordination.k8s.io", ["leases"], "get", "create", "patch"),
                ],
            },
            ns);
        await BindAsync(ns);
        return ns;
    }

    private Task<V1RoleBinding> BindAsync(string ns) => api.Admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
        new V1RoleBinding
        {
            Metadata = new V1ObjectMeta { Name = Account },
            RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = Account },
            Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = Account, NamespaceProperty = ns }],
        },
        ns);
}
