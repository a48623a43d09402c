using k8s;
using k8s.Models;

namespace Leanserve.Controllers.Sdk;

/// <summary>
/// Publishes a Kubernetes event about <paramref name="entity"/>, which <c>kubectl describe</c> shows. Repeats are counted on one event,
/// floods are summarised and then limited per entity. Never throws and never waits for the API server: the event is handed to a
/// background writer and dropped (and counted) if that falls behind.
/// </summary>
/// <param name="entity">What the event is about; for a cluster-wide entity the event goes to namespace <c>default</c>.</param>
/// <param name="reason">CamelCase, machine readable.</param>
/// <param name="message">For a person.</param>
/// <param name="type">Normal or Warning.</param>
/// <param name="cancellationToken">Not needed; kept for the shape.</param>
public delegate Task EventPublisher(
    IKubernetesObject<V1ObjectMeta> entity,
    string reason,
    string message,
    EventType type = EventType.Normal,
    CancellationToken cancellationToken = default);
