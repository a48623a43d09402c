using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Polly;

namespace Leanserve.Controllers;

/// <summary>
/// Sends requests through the Kubernetes client's connections and credentials, with what the client lacks: a time limit, retries as
/// 429 and Retry-After ask, the write fence, and errors that carry the server's reason.
/// </summary>
internal sealed class ApiTransport
{
    private readonly Kubernetes client;
    private readonly OperatorSettings settings;
    private readonly WriteFence fence;
    private readonly TimeProvider timeProvider;
    private readonly ResiliencePipeline<HttpResponseMessage> retries;

    /// <exception cref="ArgumentException"><paramref name="client"/> is not the real client, so has no connection to share.</exception>
    public ApiTransport(
        IKubernetes client, OperatorSettings settings, WriteFence fence, OperatorMetrics metrics, TimeProvider timeProvider)
    {
        this.client = client as Kubernetes
            ?? throw new ArgumentException($"The client is a {client.GetType()}; register a {typeof(Kubernetes)}.", nameof(client));
        this.settings = settings;
        this.fence = fence;
        this.timeProvider = timeProvider;
        retries = ApiRetries.Create(timeProvider, metrics);
    }

    /// <summary>Sends a request and returns the body of a successful answer.</summary>
    /// <exception cref="ApiException">The server refused or did not answer in time.</exception>
    /// <exception cref="NotLeadingException">A write, and this replica does not lead.</exception>
    public async Task<byte[]> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var guard = request.IsRead || request.Unfenced
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken)
            : fence.Enter(cancellationToken);
        using var response = await SendWithRetriesAsync(request, guard.Token, cancellationToken);
        var body = await ReadBodyAsync(request, response, guard.Token);
        return response.IsSuccessStatusCode ? body : throw Refusal(request, response.StatusCode, body);
    }

    /// <summary>Opens a watch: returns as soon as the headers are there. The caller disposes the response.</summary>
    /// <exception cref="ApiException">The server refused or did not answer in time.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var request = new ApiRequest(HttpMethod.Get, path);
        var response = await AttemptAsync(request, cancellationToken, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Refusal(request, response.StatusCode, await ReadBodyAsync(request, response, cancellationToken));
        }
    }

    private async Task<HttpResponseMessage> SendWithRetriesAsync(
        ApiRequest request, CancellationToken guarded, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(guarded);
        context.Properties.Set(ApiRetries.IsRead, request.IsRead);
        try
        {
            return await retries.ExecuteAsync(
                async (c, state) => await state.Self.AttemptAsync(state.Request, c.CancellationToken, state.Caller),
                context,
                (Self: this, Request: request, Caller: cancellationToken));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(ApiRequest request, CancellationToken guarded, CancellationToken caller)
    {
        using var limit = new CancellationTokenSource(settings.RequestTimeout, timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(guarded, limit.Token);
        try
        {
            using var message = request.ToMessage(client.BaseUri);
            if (client.Credentials is { } credentials)
            {
                await credentials.ProcessHttpRequestAsync(message, linked.Token);
            }

            return await client.HttpClient.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, linked.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !caller.IsCancellationRequested))
        {
            throw Unreachable(request, e, guarded.IsCancellationRequested);
        }
    }

    private async Task<byte[]> ReadBodyAsync(ApiRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.RequestTimeout, timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await response.Content.ReadAsByteArrayAsync(linked.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && limit.IsCancellationRequested))
        {
            throw Unreachable(request, e, fenced: false);
        }
    }

    private ApiException Unreachable(ApiRequest request, Exception cause, bool fenced) => cause switch
    {
        OperationCanceledException when fenced => new(
            $"{request.Method} {request.Path} was abandoned: leadership was lost meanwhile.", cause),
        OperationCanceledException => new(
            $"{request.Method} {request.Path}: no answer from {client.BaseUri} within {settings.RequestTimeout}.", cause),
        _ => new($"{request.Method} {request.Path}: {client.BaseUri} cannot be reached: {cause.Message}", cause),
    };

    private static ApiException Refusal(ApiRequest request, HttpStatusCode code, byte[] body)
    {
        V1Status? status = null;
        try
        {
            using var stream = new MemoryStream(body);
            status = KubernetesJson.Deserialize<V1Status>(stream);
        }
        catch (JsonException)
        {
            // A proxy's answer, not the API server's: the HTTP status has to do.
        }

        return new ApiException(
            code, status?.Reason ?? code.ToString(), $"{request.Method} {request.Path}: {(int)code} {status?.Message ?? code.ToString()}");
    }
}
