using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Components;

/// <summary>Waits until a component answers its health endpoint with 200.</summary>
internal sealed class ComponentProbe : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromSeconds(2);

    private readonly X509Certificate2 _authority;
    private readonly HttpClient _http;

    /// <param name="authorityPem">The certificate authority that signed the components' serving certificates.</param>
    public ComponentProbe(string authorityPem)
    {
        _authority = X509Certificate2.CreateFromPem(authorityPem);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { _authority },
        };
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        };
        _http = new HttpClient(handler) { Timeout = s_requestTimeout };
    }

    /// <summary>Waits until <paramref name="component"/> answers 200 at <paramref name="endpoint"/>.</summary>
    /// <exception cref="CommandFailedException">The process ended.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task WaitAsync(ParentBoundProcess component, Uri endpoint, CancellationToken cancellationToken)
    {
        while (!await IsReadyAsync(endpoint, cancellationToken).ConfigureAwait(false))
        {
            if (component.HasExited)
            {
                throw new CommandFailedException($"{component.DescribeExit()}\nIt ended while it started, before it was ready.");
            }

            await Task.Delay(s_interval, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _http.Dispose();
        _authority.Dispose();
    }

    private async Task<bool> IsReadyAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
