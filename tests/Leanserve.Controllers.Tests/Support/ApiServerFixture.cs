using k8s;
using k8s.Models;
using Leanserve.Controllers.Tests.Support;
using LocalCluster.ControlPlane;

[assembly: AssemblyFixture(typeof(ApiServerFixture))]

namespace Leanserve.Controllers.Tests.Support;

/// <summary>One real API server for the whole assembly, with the Widget kind installed.</summary>
public sealed class ApiServerFixture : IAsyncLifetime
{
    private int namespaces;

    public LocalControlPlane Plane { get; private set; } = null!;

    /// <summary>The administrator's client, straight to the API server.</summary>
    public Kubernetes Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Plane = await LocalControlPlane.StartAsync(new LocalControlPlaneOptions { ControllerManager = false, Scheduler = false });
        Admin = Plane.CreateClient();
        await TestCrds.InstallAsync<Widget>(Admin, CancellationToken.None);
        await Eventually.TrueAsync(() => IsServedAsync<Widget>());
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Plane.DisposeAsync();
    }

    /// <summary>A namespace that no other test uses.</summary>
    public async Task<string> CreateNamespaceAsync()
    {
        var name = $"test-{Interlocked.Increment(ref namespaces)}";
        await Admin.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } });
        return name;
    }

    public async Task<bool> IsServedAsync<TEntity>()
    {
        var kind = EntityKind.Of<TEntity>();
        try
        {
            await Admin.CustomObjects.ListClusterCustomObjectAsync(kind.Group, kind.Version, kind.Plural);
            return true;
        }
        catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
