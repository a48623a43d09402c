using System.Collections.Concurrent;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>Sits between the operator and the network: sees every request, and may answer or delay it.</summary>
public sealed class FaultHandler : DelegatingHandler
{
    /// <summary>Null: the request goes through to the API server.</summary>
    public Func<HttpRequestMessage, Task<HttpResponseMessage?>> Intercept { get; set; } = _ => Task.FromResult<HttpResponseMessage?>(null);

    /// <summary>Method and path of every request so far.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public IReadOnlyList<string> Watches => [.. Requests.Where(r => r.Contains("watch=true", StringComparison.Ordinal))];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue($"{request.Method} {request.RequestUri!.PathAndQuery}");
        return await Intercept(request) ?? await base.SendAsync(request, cancellationToken);
    }
}
