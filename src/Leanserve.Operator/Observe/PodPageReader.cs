using System.Globalization;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Controllers;
using Leanserve.Operator.Builders;

namespace Leanserve.Operator.Observe;

/// <summary>Reads the metrics of the pods that serve a resource.</summary>
public sealed class PodPageReader(IEntityCache<V1Pod> pods, IHttpClientFactory http, ILogger<PodPageReader> logger)
{
    /// <summary>Name of the HTTP client that reads metrics.</summary>
    public const string ClientName = "metrics";

    /// <summary>One page for each ready pod.</summary>
    public async Task<IReadOnlyList<PodPage>> ReadAsync(LlmDeployment resource, CancellationToken cancellationToken)
    {
        var ready = pods.List(resource.Metadata.NamespaceProperty)
            .Where(p => WorkloadNames.Serves(p, resource) && p.Metadata.DeletionTimestamp is null && IsReady(p) && p.Status.PodIP is not null);
        return await Task.WhenAll(ready.Select(async p => new PodPage(p.Metadata.Name, await ReadAsync(p, cancellationToken))));
    }

    private async Task<string?> ReadAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            var port = pod.Spec.Containers[0].Ports[0].ContainerPort;
            using var client = http.CreateClient(ClientName);
            return await client.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{pod.Status.PodIP}:{port}/metrics")), cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // A pod that cannot be read is not measured, and its readiness is judged by its probes.
            logger.LogWarning("Could not read metrics of pod {Namespace}/{Pod}: {Error}", pod.Metadata.NamespaceProperty, pod.Metadata.Name, e.Message);
            return null;
        }
    }

    private static bool IsReady(V1Pod pod) => (pod.Status?.Conditions ?? []).Any(c => c.Type == "Ready" && c.Status == "True");
}
