using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Leanserve.Controllers;

/// <inheritdoc cref="IApiDiscovery" />
internal sealed class ApiDiscovery(ApiTransport transport, TimeProvider timeProvider) : IApiDiscovery
{
    // Kinds come and go with CRDs and upgrades: what is served is asked again now and then, what is missing soon.
    private static readonly TimeSpan FoundValidity = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MissingValidity = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (long At, IReadOnlyList<ServedResource> Resources)> cache = new();

    public async Task<bool> IsServedAsync(string group, string version, string kind, CancellationToken cancellationToken = default)
        => await FindAsync(group, version, kind, cancellationToken) is not null;

    public async Task<ServedResource?> FindAsync(
        string group, string version, string kind, CancellationToken cancellationToken = default)
    {
        var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
        if (cache.TryGetValue(path, out var known))
        {
            var found = Find(known.Resources, kind);
            if (timeProvider.GetElapsedTime(known.At) < (found is null ? MissingValidity : FoundValidity))
            {
                return found;
            }
        }

        var resources = await ReadAsync(path, cancellationToken);
        cache[path] = (timeProvider.GetTimestamp(), resources);
        return Find(resources, kind);
    }

    // Subresources are listed as "deployments/status" with the same kind or another's.
    private static ServedResource? Find(IReadOnlyList<ServedResource> resources, string kind)
        => resources.FirstOrDefault(r => r.Kind == kind && !r.Plural.Contains('/', StringComparison.Ordinal));

    private async Task<IReadOnlyList<ServedResource>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var body = await transport.SendAsync(new ApiRequest(HttpMethod.Get, path), cancellationToken);
            using var list = JsonDocument.Parse(body);
            return [.. list.RootElement.GetProperty("resources").EnumerateArray().Select(Parse)];
        }
        catch (ApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return [];
        }
    }

    private static ServedResource Parse(JsonElement resource) => new(
        resource.GetProperty("name").GetString()!,
        resource.GetProperty("kind").GetString()!,
        resource.GetProperty("namespaced").GetBoolean(),
        [.. resource.GetProperty("verbs").EnumerateArray().Select(v => v.GetString()!)]);
}
