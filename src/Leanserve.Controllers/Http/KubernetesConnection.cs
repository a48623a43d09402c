using k8s;

namespace Leanserve.Controllers;

/// <summary>Kubernetes clients with connections fit for long watches.</summary>
public static class KubernetesConnection
{
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A client that notices a dead connection within 25 seconds (the client's own default is three and a half minutes) and does not
    /// hang in connecting.
    /// </summary>
    /// <param name="configuration">Server and credentials.</param>
    /// <param name="handlers">What every request passes through before it is sent.</param>
    public static Kubernetes Create(KubernetesClientConfiguration configuration, params DelegatingHandler[] handlers)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var own = configuration.FirstMessageHandlerSetup;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.KeepAlivePingDelay = PingDelay;
            handler.KeepAlivePingTimeout = PingTimeout;
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
            handler.ConnectTimeout = ConnectTimeout;
            own?.Invoke(handler);
        };
        return new Kubernetes(configuration, handlers);
    }
}
