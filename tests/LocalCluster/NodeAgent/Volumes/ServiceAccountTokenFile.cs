using System.Text;
using k8s;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>A token of the pod's service account, bound to the pod and renewed in time.</summary>
internal sealed class ServiceAccountTokenFile(IKubernetes client, V1Pod pod, V1ServiceAccountTokenProjection projection, int? defaultMode, TimeProvider time)
    : IVolumeFileSource
{
    private const long DefaultSeconds = 3600;
    private const double RenewAfterShare = 0.8;
    private VolumeFile? _file;
    private DateTimeOffset _renewAt;

    public async Task<IReadOnlyList<VolumeFile>> ReadAsync(CancellationToken cancellation)
    {
        if (_file is null || time.GetUtcNow() >= _renewAt)
        {
            var requested = time.GetUtcNow();
            var token = await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
                Request(), pod.Spec.ServiceAccountName, pod.Metadata.NamespaceProperty, cancellationToken: cancellation).ConfigureAwait(false);
            var lifetime = token.Status.ExpirationTimestamp!.Value.ToUniversalTime() - requested.UtcDateTime;
            _renewAt = requested + (lifetime * RenewAfterShare);
            _file = new VolumeFile(projection.Path, Encoding.UTF8.GetBytes(token.Status.Token), KeyedFiles.Mode(null, defaultMode));
        }

        return [_file];
    }

    private Authenticationv1TokenRequest Request() => new()
    {
        Spec = new V1TokenRequestSpec
        {
            Audiences = string.IsNullOrEmpty(projection.Audience) ? [] : [projection.Audience],
            ExpirationSeconds = projection.ExpirationSeconds ?? DefaultSeconds,
            BoundObjectRef = new V1BoundObjectReference { ApiVersion = "v1", Kind = "Pod", Name = pod.Metadata.Name, Uid = pod.Metadata.Uid }
        }
    };
}
