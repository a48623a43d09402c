using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Translation.Reading;

namespace Leanserve.Cli.Plans;

/// <summary>What the cluster of the current kubeconfig has for a file's deployments.</summary>
/// <param name="Nodes">All its nodes.</param>
/// <param name="ConfigMaps">The ConfigMaps that the deployments name, as far as they exist.</param>
internal sealed record ClusterView(IReadOnlyList<V1Node> Nodes, IReadOnlyList<ReadConfigMap> ConfigMaps)
{
    /// <summary>Reads nodes and ConfigMaps.</summary>
    /// <exception cref="k8s.Exceptions.KubeConfigException">The kubeconfig cannot be used.</exception>
    /// <exception cref="HttpOperationException">The API server refuses a request.</exception>
    /// <exception cref="HttpRequestException">The API server does not answer.</exception>
    public static async Task<ClusterView> ReadAsync(IReadOnlyList<ReadDeployment> deployments, CancellationToken cancellationToken)
    {
        var configuration = KubernetesClientConfiguration.BuildDefaultConfig();
        using var client = new Kubernetes(configuration);
        var nodes = await client.CoreV1.ListNodeAsync(cancellationToken: cancellationToken);
        var configMaps = new List<ReadConfigMap>();
        foreach (var (ns, name) in deployments.SelectMany(read => Named(read.Deployment)).Distinct())
        {
            try
            {
                var map = await client.CoreV1.ReadNamespacedConfigMapAsync(name, ns ?? configuration.Namespace ?? "default", cancellationToken: cancellationToken);
                configMaps.Add(new ReadConfigMap(ns, name, new Dictionary<string, string>(map.Data ?? new Dictionary<string, string>())));
            }
            catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
            {
                // The plan says what it lacks.
            }
        }

        return new ClusterView([.. nodes.Items], configMaps);
    }

    private static IEnumerable<(string? Namespace, string Name)> Named(LlmDeployment deployment) =>
        (deployment.Spec.Knowledge?.Sources ?? []).Select(source => source.ConfigMapRef?.Name).OfType<string>()
        .Concat((deployment.Spec.AssumptionsFrom ?? []).Select(source => source.ConfigMapRef.Name))
        .Select(name => ((string?)deployment.Metadata.NamespaceProperty, name));
}
