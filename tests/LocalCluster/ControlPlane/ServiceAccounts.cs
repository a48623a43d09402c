using k8s;
using k8s.Models;

namespace LocalCluster.ControlPlane;

/// <summary>What the control plane asks of ServiceAccounts.</summary>
internal static class ServiceAccounts
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_tokenLifetime = TimeSpan.FromDays(1);

    /// <summary>Asks for a token that is valid for a day (TokenRequest).</summary>
    public static async Task<string> RequestTokenAsync(
        Kubernetes admin, string serviceAccountNamespace, string name, CancellationToken cancellationToken)
    {
        var request = new Authenticationv1TokenRequest
        {
            Spec = new V1TokenRequestSpec { ExpirationSeconds = (long)s_tokenLifetime.TotalSeconds, Audiences = [] },
        };
        Authenticationv1TokenRequest answer = await admin.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            request, name, serviceAccountNamespace, cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer.Status.Token;
    }

    /// <summary>Waits until the controller-manager has made <c>default/default</c>.</summary>
    public static async Task WaitForDefaultAsync(Kubernetes admin, CancellationToken cancellationToken)
    {
        while (!await DefaultExistsAsync(admin, cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> DefaultExistsAsync(Kubernetes admin, CancellationToken cancellationToken)
    {
        V1ServiceAccountList found = await admin.CoreV1.ListNamespacedServiceAccountAsync(
            "default", fieldSelector: "metadata.name=default", cancellationToken: cancellationToken).ConfigureAwait(false);
        return found.Items.Count > 0;
    }
}
