using LocalCluster.ControlPlane;

namespace Integration.Tests.LocalCluster;

/// <summary>A control plane with all components, shared by the tests of a class.</summary>
public sealed class FullControlPlane : IAsyncLifetime
{
    public LocalControlPlane Plane { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Plane = await LocalControlPlane.StartAsync(LocalControlPlaneOptions.Full);

    public ValueTask DisposeAsync() => Plane.DisposeAsync();
}
