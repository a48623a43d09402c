using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Values of the downward API: a pod's fields and its containers' resources.</summary>
/// <param name="pod">Yields the newest version of the pod, since labels and annotations change.</param>
/// <param name="podAddress">The pod's address; empty before it has one.</param>
internal sealed partial class PodFields(Func<V1Pod> pod, Func<string> podAddress, NodeCapacity capacity, string hostAddress)
{
    /// <exception cref="ContainerConfigException">The path is none that the downward API knows.</exception>
    public string Field(string path)
    {
        var current = pod();
        if (Subscript().Match(path) is { Success: true } match)
        {
            var map = match.Groups[1].Value == "labels" ? current.Metadata.Labels : current.Metadata.Annotations;
            return map?.TryGetValue(match.Groups[2].Value, out var entry) == true ? entry : "";
        }

        return path switch
        {
            "metadata.name" => current.Metadata.Name,
            "metadata.namespace" => current.Metadata.NamespaceProperty,
            "metadata.uid" => current.Metadata.Uid,
            "metadata.labels" => Lines(current.Metadata.Labels),
            "metadata.annotations" => Lines(current.Metadata.Annotations),
            "spec.nodeName" => current.Spec.NodeName,
            "spec.serviceAccountName" => current.Spec.ServiceAccountName,
            "status.hostIP" => hostAddress,
            "status.podIP" or "status.podIPs" => podAddress(),
            _ => throw new ContainerConfigException($"unsupported fieldPath: {path}")
        };
    }

    /// <summary>A container's request or limit, divided by the divisor and rounded up; a missing limit is the node's capacity.</summary>
    public string Resource(V1ResourceFieldSelector selector, string containerName)
    {
        var container = pod().Spec.Containers.Concat(pod().Spec.InitContainers ?? []).FirstOrDefault(candidate => candidate.Name == containerName)
            ?? throw new ContainerConfigException($"resourceFieldRef names container '{containerName}', which the pod has not");
        var parts = selector.Resource.Split('.', 2);
        var (amounts, absent) = parts[0] switch
        {
            "limits" => (container.Resources?.Limits, capacity.Amount(parts[^1])),
            "requests" => (container.Resources?.Requests, 0m),
            _ => throw new ContainerConfigException($"resourceFieldRef.resource '{selector.Resource}' must begin with limits. or requests.")
        };
        var amount = amounts?.TryGetValue(parts[^1], out var quantity) == true ? quantity.ToDecimal() : absent;
        var divisor = selector.Divisor?.ToDecimal() is { } given and > 0 ? given : 1m;
        return Math.Ceiling(amount / divisor).ToString("0", CultureInfo.InvariantCulture);
    }

    private static string Lines(IDictionary<string, string>? map) => string.Join('\n',
        (map ?? new Dictionary<string, string>()).OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => $"{entry.Key}=\"{entry.Value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\""));

    [GeneratedRegex(@"^metadata\.(labels|annotations)\['([^']+)'\]$")]
    private static partial Regex Subscript();
}
