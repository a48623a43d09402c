using System.Collections.Concurrent;
using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>
/// Reads the objects that this node's pods refer to; one read serves all pods that ask for the same object within <see cref="Freshness"/>.
/// </summary>
internal sealed class ObjectReader(IKubernetes client, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(900);
    private readonly ConcurrentDictionary<(string Kind, string Namespace, string Name), (DateTimeOffset ReadAt, object? Value)> _recent = new();

    /// <summary>The ConfigMap's keys, text and binary; null where there is none.</summary>
    public Task<IReadOnlyDictionary<string, byte[]>?> ReadConfigMapAsync(string podNamespace, string name, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyDictionary<string, byte[]>>("configmap", podNamespace, name, async () =>
        {
            var map = await client.CoreV1.ReadNamespacedConfigMapAsync(name, podNamespace, cancellationToken: cancellation).ConfigureAwait(false);
            var data = (map.Data ?? new Dictionary<string, string>()).ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value));
            foreach (var (key, content) in map.BinaryData ?? new Dictionary<string, byte[]>())
            {
                data[key] = content;
            }

            return data;
        });

    /// <summary>The Secret's keys; null where there is none.</summary>
    public Task<IReadOnlyDictionary<string, byte[]>?> ReadSecretAsync(string podNamespace, string name, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyDictionary<string, byte[]>>("secret", podNamespace, name, async () =>
        {
            var secret = await client.CoreV1.ReadNamespacedSecretAsync(name, podNamespace, cancellationToken: cancellation).ConfigureAwait(false);
            return new Dictionary<string, byte[]>(secret.Data ?? new Dictionary<string, byte[]>());
        });

    public Task<V1PersistentVolumeClaim?> ReadClaimAsync(string podNamespace, string name, CancellationToken cancellation) =>
        ReadAsync("persistentvolumeclaim", podNamespace, name,
            () => client.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name, podNamespace, cancellationToken: cancellation));

    public Task<V1PersistentVolume?> ReadVolumeAsync(string name, CancellationToken cancellation) =>
        ReadAsync("persistentvolume", "", name, () => client.CoreV1.ReadPersistentVolumeAsync(name, cancellationToken: cancellation));

    private async Task<T?> ReadAsync<T>(string kind, string podNamespace, string name, Func<Task<T>> read)
        where T : class
    {
        var now = time.GetUtcNow();
        var key = (kind, podNamespace, name);
        if (_recent.TryGetValue(key, out var entry) && now - entry.ReadAt < Freshness)
        {
            return (T?)entry.Value;
        }

        T? value;
        try
        {
            value = await read().ConfigureAwait(false);
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            value = null;
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.Forbidden)
        {
            // The node authorizer learns of a new pod's references a moment after the pod is bound.
            throw new VolumeNotReadyException($"{kind} \"{name}\" may not be read (yet): {exception.Response.Content}");
        }

        _recent[key] = (now, value);
        return value;
    }
}
