using System.Collections.Concurrent;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Writes events about pods; the same event again raises the count of the first.</summary>
internal sealed class EventRecorder(IKubernetes client, string nodeName, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Pod, string? Container, string Reason, string Message), (string Name, int Count)> _written = new();

    /// <summary>Records an event; failing to is no reason to fail the pod.</summary>
    /// <param name="type">Normal or Warning.</param>
    public async Task RecordAsync(V1Pod pod, string? container, string type, string reason, string message)
    {
        var key = (pod.Metadata.Uid, container, reason, message);
        try
        {
            if (_written.TryGetValue(key, out var earlier))
            {
                _written[key] = (earlier.Name, earlier.Count + 1);
                var patch = new { count = earlier.Count + 1, lastTimestamp = time.GetUtcNow().UtcDateTime };
                await client.CoreV1.PatchNamespacedEventAsync(
                    new V1Patch(KubernetesJson.Serialize(patch), V1Patch.PatchType.MergePatch), earlier.Name, pod.Metadata.NamespaceProperty).ConfigureAwait(false);
                return;
            }

            var created = await client.CoreV1.CreateNamespacedEventAsync(Build(pod, container, type, reason, message), pod.Metadata.NamespaceProperty).ConfigureAwait(false);
            _written[key] = (created.Metadata.Name, 1);
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or OperationCanceledException)
        {
            // The namespace may be terminating, or the API server down; an event is only a note.
            _written.TryRemove(key, out _);
        }
    }

    /// <summary>Forgets a pod that has gone.</summary>
    public void Forget(V1Pod pod)
    {
        foreach (var key in _written.Keys.Where(key => key.Pod == pod.Metadata.Uid))
        {
            _written.TryRemove(key, out _);
        }
    }

    private Corev1Event Build(V1Pod pod, string? container, string type, string reason, string message)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new Corev1Event
        {
            Metadata = new V1ObjectMeta { GenerateName = $"{pod.Metadata.Name}.", NamespaceProperty = pod.Metadata.NamespaceProperty },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = "v1", Kind = "Pod", Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty, Uid = pod.Metadata.Uid,
                FieldPath = container is null ? null : $"spec.containers{{{container}}}"
            },
            Type = type,
            Reason = reason,
            Message = message,
            Source = new V1EventSource { Component = "kubelet", Host = nodeName },
            ReportingComponent = "kubelet",
            ReportingInstance = nodeName,
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1
        };
    }
}
