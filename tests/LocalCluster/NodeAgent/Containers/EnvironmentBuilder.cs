using System.Text;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>A container's environment, in the order in which Kubernetes defines it: later values win, and values may refer to earlier names.</summary>
internal sealed class EnvironmentBuilder(V1Pod pod, PodFields fields, NodeServices node)
{
    /// <param name="gpuIndexes">The GPUs that the container was given, set as a device plugin would.</param>
    /// <exception cref="ContainerConfigException">A reference that is not optional cannot be resolved.</exception>
    public async Task<IReadOnlyDictionary<string, string>> BuildAsync(
        V1Container container, ImageEntry image, IReadOnlyList<int> gpuIndexes, CancellationToken cancellation)
    {
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.GetDirectoryName(image.Executable)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["HOSTNAME"] = pod.Metadata.Name,
            ["HOME"] = "/",
            ["KUBERNETES_SERVICE_HOST"] = node.Options.ApiServer.Host,
            ["KUBERNETES_SERVICE_PORT"] = $"{node.Options.ApiServer.Port}",
            ["KUBERNETES_SERVICE_PORT_HTTPS"] = $"{node.Options.ApiServer.Port}"
        };
        if (gpuIndexes.Count > 0)
        {
            variables["NVIDIA_VISIBLE_DEVICES"] = string.Join(',', gpuIndexes);
        }

        if (node.DotnetRoot is { } dotnet)
        {
            variables["DOTNET_ROOT"] = dotnet;
        }

        foreach (var source in container.EnvFrom ?? [])
        {
            await AddAllAsync(variables, source, cancellation).ConfigureAwait(false);
        }

        var expansion = new VariableExpansion(variables);
        foreach (var variable in container.Env ?? [])
        {
            var value = variable.ValueFrom is null
                ? expansion.Expand(variable.Value ?? "")
                : await ResolveAsync(variable.ValueFrom, container, cancellation).ConfigureAwait(false);
            if (value is not null)
            {
                variables[variable.Name] = value;
            }
        }

        return variables;
    }

    private async Task AddAllAsync(Dictionary<string, string> variables, V1EnvFromSource source, CancellationToken cancellation)
    {
        var entries = source switch
        {
            { ConfigMapRef: { } map } => await RequireAsync("configmap", map.Name, map.Optional, node.Objects.ReadConfigMapAsync, cancellation).ConfigureAwait(false),
            { SecretRef: { } secret } => await RequireAsync("secret", secret.Name, secret.Optional, node.Objects.ReadSecretAsync, cancellation).ConfigureAwait(false),
            _ => null
        };
        foreach (var (key, content) in entries ?? new Dictionary<string, byte[]>())
        {
            variables[source.Prefix + key] = Encoding.UTF8.GetString(content);
        }
    }

    private async Task<string?> ResolveAsync(V1EnvVarSource source, V1Container container, CancellationToken cancellation) => source switch
    {
        { FieldRef: { } field } => fields.Field(field.FieldPath),
        { ResourceFieldRef: { } resource } => fields.Resource(resource, resource.ContainerName is { Length: > 0 } name ? name : container.Name),
        { ConfigMapKeyRef: { } key } => KeyOf(
            await RequireAsync("configmap", key.Name, key.Optional, node.Objects.ReadConfigMapAsync, cancellation).ConfigureAwait(false),
            key.Key, key.Optional, $"ConfigMap {pod.Metadata.NamespaceProperty}/{key.Name}"),
        { SecretKeyRef: { } key } => KeyOf(
            await RequireAsync("secret", key.Name, key.Optional, node.Objects.ReadSecretAsync, cancellation).ConfigureAwait(false),
            key.Key, key.Optional, $"Secret {pod.Metadata.NamespaceProperty}/{key.Name}"),
        _ => null
    };

    private async Task<IReadOnlyDictionary<string, byte[]>?> RequireAsync(
        string kind, string name, bool? optional,
        Func<string, string, CancellationToken, Task<IReadOnlyDictionary<string, byte[]>?>> read, CancellationToken cancellation)
    {
        try
        {
            return await read(pod.Metadata.NamespaceProperty, name, cancellation).ConfigureAwait(false)
                ?? (optional == true ? null : throw new ContainerConfigException($"{kind} \"{name}\" not found"));
        }
        catch (VolumeNotReadyException forbidden)
        {
            throw new ContainerConfigException(forbidden.Message);
        }
    }

    private static string? KeyOf(IReadOnlyDictionary<string, byte[]>? data, string key, bool? optional, string owner) =>
        data?.TryGetValue(key, out var content) == true ? Encoding.UTF8.GetString(content)
        : optional == true ? null
        : throw new ContainerConfigException($"couldn't find key {key} in {owner}");
}
