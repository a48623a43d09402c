using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>Lists all objects of a kind, page by page, and reads single objects out of lists and watches.</summary>
internal sealed class EntityLister<TEntity>(
    string? labelSelector,
    ApiTransport transport,
    IApiDiscovery discovery,
    OperatorSettings settings,
    OperatorMetrics metrics,
    ILogger logger)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly EntityKind kind = EntityKind.Of<TEntity>();

    /// <summary>A consistent list, past the API server's caches, and the version it is of.</summary>
    /// <exception cref="ApiException">The server refused or could not be reached.</exception>
    public async Task<(IReadOnlyList<TEntity> Entities, string ResourceVersion)> ListAsync(CancellationToken cancellationToken)
    {
        metrics.Listed(kind);
        try
        {
            return await ListPagesAsync(settings.Watch.PageSize, cancellationToken);
        }
        catch (ApiException e) when (e.Status == HttpStatusCode.Gone)
        {
            // The pages' snapshot was compacted between two of them. In one piece a list cannot expire.
            logger.LogInformation("The list of {Kind} expired between pages, listing in one piece", kind);
            return await ListPagesAsync(pageSize: 0, cancellationToken);
        }
    }

    /// <summary>The path of the collection in the operator's scope, with selector and <paramref name="query"/>.</summary>
    /// <exception cref="ApiException">The kind is not served.</exception>
    public async Task<string> PathAsync(string query, CancellationToken cancellationToken)
    {
        var path = kind.CollectionPath(await ScopeAsync(cancellationToken));
        return labelSelector is null ? $"{path}?{query}" : $"{path}?labelSelector={Uri.EscapeDataString(labelSelector)}&{query}";
    }

    /// <summary>
    /// The object, or null (and a log line) if it does not fit our type: one malformed object must not end the watch of all others.
    /// </summary>
    public TEntity? TryRead(JsonElement json)
    {
        try
        {
            return EntityJson.Read<TEntity>(json);
        }
        catch (Exception e) when (e is JsonException or FormatException or NotSupportedException or InvalidOperationException)
        {
            var name = json.TryGetProperty("metadata", out var m) && m.TryGetProperty("name", out var n) ? n.GetString() : null;
            logger.LogError(e, "{Kind} {Name} does not fit {Type} and is passed over", kind, name, typeof(TEntity));
            return null;
        }
    }

    private async Task<(IReadOnlyList<TEntity> Entities, string ResourceVersion)> ListPagesAsync(
        int pageSize, CancellationToken cancellationToken)
    {
        var entities = new List<TEntity>();
        string? next = null;
        while (true)
        {
            var query = $"limit={pageSize}" + (next is null ? string.Empty : $"&continue={Uri.EscapeDataString(next)}");
            var request = new ApiRequest(HttpMethod.Get, await PathAsync(query, cancellationToken));
            using var page = JsonDocument.Parse(await transport.SendAsync(request, cancellationToken));
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
            {
                if (TryRead(item) is { } entity)
                {
                    entities.Add(entity);
                }
            }

            var metadata = page.RootElement.GetProperty("metadata");
            next = metadata.TryGetProperty("continue", out var token) ? token.GetString() : null;
            if (string.IsNullOrEmpty(next))
            {
                return (entities, metadata.GetProperty("resourceVersion").GetString()!);
            }
        }
    }

    private async Task<string?> ScopeAsync(CancellationToken cancellationToken)
    {
        if (settings.Namespace is null)
        {
            return null;
        }

        var served = await discovery.FindAsync(kind.Group, kind.Version, kind.Kind, cancellationToken)
            ?? throw new ApiException(HttpStatusCode.NotFound, "NotFound", $"The API server does not serve {kind} {kind.ApiVersion}.");
        return served.Namespaced ? settings.Namespace : null;
    }
}
