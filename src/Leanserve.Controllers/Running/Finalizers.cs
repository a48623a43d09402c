using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Leanserve.Controllers;

/// <summary>Puts finalizers on, runs them and takes them off, by JSON patches that leave those of others alone.</summary>
internal sealed class Finalizers<TEntity>(ApiTransport transport, IEntityWriter writer)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private const int MaxConflicts = 5;

    /// <summary>Makes sure that the entity carries all of our finalizers, before anything is done for it.</summary>
    /// <returns>The entity with them; null if it is gone or being deleted.</returns>
    public Task<TEntity?> EnsureAsync(
        IReadOnlyList<FinalizerRegistration> registrations, TEntity entity, CancellationToken cancellationToken)
    {
        var wanted = registrations.Select(r => r.Identifier).ToList();
        return EditAsync(entity, present => [.. present, .. wanted.Except(present)], evenIfDeleting: false, cancellationToken);
    }

    /// <summary>Runs the finalizers that are still on the entity, in order of registration, and takes each off after its success.</summary>
    /// <returns>The last result; null if none of ours was on it.</returns>
    public async Task<ReconciliationResult<TEntity>?> FinalizeAsync(
        IReadOnlyList<FinalizerRegistration> registrations, TEntity entity, IServiceProvider services, CancellationToken cancellationToken)
    {
        ReconciliationResult<TEntity>? result = null;
        foreach (var registration in registrations.Where(r => entity.Metadata.Finalizers?.Contains(r.Identifier) == true))
        {
            var finalizer = (IEntityFinalizer<TEntity>)services.GetRequiredService(registration.Implementation);
            result = await finalizer.FinalizeAsync(EntityJson.Clone(entity), cancellationToken);
            if (!result.IsSuccess)
            {
                return result;
            }

            await EditAsync(
                entity, present => [.. present.Where(f => f != registration.Identifier)], evenIfDeleting: true, cancellationToken);
        }

        return result;
    }

    private async Task<TEntity?> EditAsync(
        TEntity entity, Func<IReadOnlyList<string>, IReadOnlyList<string>> edit, bool evenIfDeleting, CancellationToken cancellationToken)
    {
        TEntity? current = entity;
        for (var conflicts = 0; ; conflicts++)
        {
            if (current?.Metadata.Uid != entity.Metadata.Uid || (!evenIfDeleting && current!.Metadata.DeletionTimestamp is not null))
            {
                return null;
            }

            IReadOnlyList<string> present = [.. current!.Metadata.Finalizers ?? []];
            var edited = edit(present);
            if (edited.SequenceEqual(present))
            {
                return current;
            }

            try
            {
                return await PatchAsync(current, present, edited, cancellationToken);
            }
            catch (ApiException e) when (e.Status is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity && conflicts < MaxConflicts)
            {
                current = await writer.ReadAsync<TEntity>(EntityKey.Of(entity), cancellationToken);
            }
            catch (ApiException e) when (e.Status == HttpStatusCode.NotFound)
            {
                return null;
            }
        }
    }

    private async Task<TEntity> PatchAsync(
        TEntity current, IReadOnlyList<string> present, IReadOnlyList<string> edited, CancellationToken cancellationToken)
    {
        // The patch holds only if the list is still the one that was edited; a path that is absent cannot be tested, so then the
        // whole object must be the same.
        var unchanged = present.Count > 0
            ? Operation("test", "/metadata/finalizers", new JsonArray([.. present.Select(f => (JsonNode)f)]))
            : Operation("test", "/metadata/resourceVersion", current.Metadata.ResourceVersion);
        var patch = new JsonArray(
            Operation("test", "/metadata/uid", current.Metadata.Uid),
            unchanged,
            Operation("add", "/metadata/finalizers", new JsonArray([.. edited.Select(f => (JsonNode)f)])));
        var key = EntityKey.Of(current);
        var body = await transport.SendAsync(
            new ApiRequest(HttpMethod.Patch, EntityKind.Of<TEntity>().ObjectPath(key), patch.ToJsonString(), ApiRequest.JsonPatch),
            cancellationToken);
        var patched = EntityJson.Read<TEntity>(body);
        WriteLog.Note(typeof(TEntity), key, patched.Metadata.ResourceVersion);
        return patched;
    }

    private static JsonObject Operation(string op, string path, JsonNode? value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };
}
