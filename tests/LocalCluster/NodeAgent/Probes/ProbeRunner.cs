using System.Globalization;
using System.Net.Sockets;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Performs one attempt of a probe.</summary>
/// <param name="podAddress">The address that HTTP and TCP probes go to.</param>
internal sealed class ProbeRunner(V1Container container, ContainerProcess process, string podAddress)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        // As kubelet: a probe asks whether the server answers, not who it is.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        PooledConnectionLifetime = TimeSpan.Zero
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Null where the probe succeeds, else what went wrong.</summary>
    public async Task<string?> AttemptAsync(V1Probe probe, CancellationToken cancellation)
    {
        var limit = TimeSpan.FromSeconds(Math.Max(probe.TimeoutSeconds ?? 1, 1));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        try
        {
            return probe switch
            {
                { HttpGet: { } get } => await GetAsync(get, timeout.Token).ConfigureAwait(false),
                { TcpSocket: { } socket } => await ConnectAsync(socket, timeout.Token).ConfigureAwait(false),
                { Exec: { } exec } => await ExecuteAsync(exec, limit, timeout.Token).ConfigureAwait(false),
                _ => "this node agent knows httpGet, tcpSocket and exec probes only"
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"context deadline exceeded: no answer within {limit.TotalSeconds} s";
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or ArgumentException)
        {
            return exception.Message;
        }
    }

    /// <summary>Sends an HTTP request, for probes and hooks alike.</summary>
    public async Task<string?> GetAsync(V1HTTPGetAction get, CancellationToken cancellation)
    {
        var scheme = string.Equals(get.Scheme, "HTTPS", StringComparison.OrdinalIgnoreCase) ? "https" : "http";
        var address = string.IsNullOrEmpty(get.Host) ? podAddress : get.Host;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{scheme}://{address}:{PortOf(get.Port)}/{get.Path?.TrimStart('/')}");
        request.Headers.UserAgent.ParseAdd("kube-probe/1.20");
        foreach (var header in get.HttpHeaders ?? [])
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        return status is >= 200 and < 400 ? null : $"HTTP probe failed with statuscode: {status}";
    }

    private async Task<string?> ConnectAsync(V1TCPSocketAction socket, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(string.IsNullOrEmpty(socket.Host) ? podAddress : socket.Host, PortOf(socket.Port), cancellation).ConfigureAwait(false);
        return null;
    }

    private async Task<string?> ExecuteAsync(V1ExecAction exec, TimeSpan limit, CancellationToken cancellation)
    {
        var result = await process.ExecuteAsync(exec.Command, cancellation).ConfigureAwait(false);
        return result switch
        {
            { Succeeded: true } => null,
            { ExitCode: null } => $"command \"{string.Join(' ', exec.Command)}\" timed out after {limit.TotalSeconds} s",
            _ => $"command \"{string.Join(' ', exec.Command)}\" ended with exit code {result.ExitCode}: {result.Output}"
        };
    }

    private int PortOf(IntOrString port)
    {
        string text = port;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : container.Ports?.FirstOrDefault(candidate => candidate.Name == text)?.ContainerPort
              ?? throw new ArgumentException($"couldn't find port '{text}' of container {container.Name}", nameof(port));
    }
}
