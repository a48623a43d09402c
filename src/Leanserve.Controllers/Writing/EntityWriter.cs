using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Leanserve.Controllers;

/// <inheritdoc cref="IEntityWriter" />
internal sealed class EntityWriter(ApiTransport transport, OperatorSettings settings) : IEntityWriter
{
    private const int MaxConflicts = 5;

    private static readonly string[] ServerFields = ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"];

    public async Task<TEntity> ApplyAsync<TEntity>(TEntity desired, CancellationToken cancellationToken)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var manager = Uri.EscapeDataString(settings.EffectiveFieldManager);
        var path = $"{EntityKind.Of<TEntity>().ObjectPath(EntityKey.Of(desired))}?fieldManager={manager}&force=true";
        return await SendAsync<TEntity>(
            new ApiRequest(HttpMethod.Patch, path, Manifest(desired).ToJsonString(), ApiRequest.ApplyPatch), cancellationToken);
    }

    public async Task<TEntity?> CreateAsync<TEntity>(TEntity desired, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var manager = Uri.EscapeDataString(settings.EffectiveFieldManager);
        var path = $"{EntityKind.Of<TEntity>().CollectionPath(EntityKey.Of(desired).Namespace)}?fieldManager={manager}";
        try
        {
            return await SendAsync<TEntity>(new ApiRequest(HttpMethod.Post, path, Manifest(desired).ToJsonString()), cancellationToken);
        }
        catch (ApiException e) when (e is { Status: HttpStatusCode.Conflict, Reason: "AlreadyExists" })
        {
            return null;
        }
    }

    public Task<TEntity?> PatchStatusAsync<TEntity>(TEntity cached, Action<TEntity> mutate, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        => PatchAsync(cached, mutate, StatusDiff, "status", cancellationToken);

    public Task<TEntity?> PatchAsync<TEntity>(TEntity cached, Action<TEntity> mutate, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        => PatchAsync(cached, mutate, MergePatch.Diff, subresource: null, cancellationToken);

    public async Task<TEntity?> ReadAsync<TEntity>(EntityKey key, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var request = new ApiRequest(HttpMethod.Get, EntityKind.Of<TEntity>().ObjectPath(key));
            return EntityJson.Read<TEntity>(await transport.SendAsync(request, cancellationToken));
        }
        catch (ApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<bool> DeleteAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var options = new JsonObject { ["propagationPolicy"] = "Background" };
        if (entity.Metadata.Uid is { } uid)
        {
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        }

        var path = EntityKind.Of<TEntity>().ObjectPath(EntityKey.Of(entity));
        try
        {
            await transport.SendAsync(new ApiRequest(HttpMethod.Delete, path, options.ToJsonString()), cancellationToken);
            return true;
        }
        catch (ApiException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // A conflict says that another object bears the name now: the one we meant is gone.
            return false;
        }
    }

    private async Task<TEntity?> PatchAsync<TEntity>(
        TEntity cached, Action<TEntity> mutate, Func<JsonObject, JsonObject, JsonObject?> diff, string? subresource, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = EntityKey.Of(cached);
        var path = EntityKind.Of<TEntity>().ObjectPath(key, subresource) + "?fieldManager=" + Uri.EscapeDataString(settings.EffectiveFieldManager);
        TEntity? current = cached;
        for (var conflicts = 0; current is not null && current.Metadata.Uid == cached.Metadata.Uid; conflicts++)
        {
            var wanted = EntityJson.Clone(current);
            mutate(wanted);
            if (diff(EntityJson.ToTree(current), EntityJson.ToTree(wanted)) is not { } patch)
            {
                return current;
            }

            // Holds only for the version it was computed from: the list of conditions is replaced as a whole.
            var metadata = patch["metadata"] as JsonObject ?? (JsonObject)(patch["metadata"] = new JsonObject());
            metadata["resourceVersion"] = current.Metadata.ResourceVersion;
            try
            {
                return await SendAsync<TEntity>(
                    new ApiRequest(HttpMethod.Patch, path, patch.ToJsonString(), ApiRequest.MergePatch), cancellationToken);
            }
            catch (ApiException e) when (e.Status == HttpStatusCode.Conflict && conflicts < MaxConflicts)
            {
                current = await ReadAsync<TEntity>(key, cancellationToken);
            }
            catch (ApiException e) when (e.Status == HttpStatusCode.NotFound)
            {
                return null;
            }
        }

        return null;
    }

    private static JsonObject? StatusDiff(JsonObject before, JsonObject after)
        => MergePatch.Diff(before["status"] as JsonObject ?? [], after["status"] as JsonObject ?? []) is { } patch
            ? new JsonObject { ["status"] = patch }
            : null;

    private static JsonObject Manifest<TEntity>(TEntity desired)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var kind = EntityKind.Of<TEntity>();
        var tree = EntityJson.ToTree(desired);
        tree["apiVersion"] = kind.ApiVersion;
        tree["kind"] = kind.Kind;
        tree.Remove("status");
        var metadata = tree["metadata"]!.AsObject();
        foreach (var field in ServerFields)
        {
            metadata.Remove(field);
        }

        return tree;
    }

    private async Task<TEntity> SendAsync<TEntity>(ApiRequest request, CancellationToken cancellationToken)
        where TEntity : IKubernetesObject<V1ObjectMeta>
    {
        var entity = EntityJson.Read<TEntity>(await transport.SendAsync(request, cancellationToken));
        WriteLog.Note(typeof(TEntity), EntityKey.Of(entity), entity.Metadata.ResourceVersion);
        return entity;
    }
}
