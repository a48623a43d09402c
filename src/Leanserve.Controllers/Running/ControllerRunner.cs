using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>Ties a controller to its caches, queue and workers.</summary>
internal sealed class ControllerRunner<TController, TEntity>(
    ControllerOptions<TEntity> options,
    InformerRegistry registry,
    Finalizers<TEntity> finalizers,
    OperatorSettings settings,
    OperatorMetrics metrics,
    IServiceScopeFactory scopes,
    TimeProvider timeProvider,
    ILogger<TController> logger) : IControllerRunner
    where TController : class, IEntityController<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>How often a key looks whether the caches have caught up with its own writes.</summary>
    private static readonly TimeSpan CatchUpPoll = TimeSpan.FromMilliseconds(25);

    private static readonly string Name = EntityKind.Of<TEntity>().Kind.ToLowerInvariant();

    private readonly Tombstones<TEntity> tombstones = new();
    private readonly OwnWrites ownWrites = new(registry, timeProvider);

    // One queue for all terms of leadership: a reconcile left behind in one term keeps its key taken in the next.
    private readonly WorkQueue<EntityKey> queue = new(settings.Retry, metrics.ForQueue(Name), timeProvider);
    private IReadOnlyList<IInformer> informers = [];

    public void RegisterInformers()
        => informers = [registry.Add<TEntity>(options.LabelSelector, optional: false), .. options.Secondaries.Select(s => s.Register(registry))];

    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        await Task.WhenAll(informers.Select(i => i.WhenReady)).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested)
        {
            return;
        }

        tombstones.Clear();
        var pool = new WorkerPool<EntityKey>(
            Name, queue, ProcessAsync, options.Workers, options.ReconcileTimeout, metrics, timeProvider, logger);
        var subscriptions = Subscribe();
        await using var resync = timeProvider.CreateTimer(_ => Resync(), null, options.ResyncPeriod, options.ResyncPeriod);
        await using var unsubscribe = stop.UnsafeRegister(_ => subscriptions.ForEach(s => s.Dispose()), null);
        await pool.RunAsync(stop, abort);
    }

    private List<IDisposable> Subscribe()
    {
        var entities = registry.Get<TEntity>();
        List<IDisposable> subscriptions =
        [
            entities.Subscribe(change =>
            {
                if (change.After is null)
                {
                    tombstones.Add(change.Before!);
                    queue.Add(EntityKey.Of(change.Before!));
                }
                else if (options.Predicate(change.Before, change.After))
                {
                    queue.Add(EntityKey.Of(change.After));
                }
            }),
        ];
        subscriptions.AddRange(options.Secondaries.Select(s => s.Subscribe(registry, entities, queue.Add)));
        return subscriptions;
    }

    /// <summary>Spread over a tenth of the period, so that a thousand objects do not come due in one instant.</summary>
    private void Resync()
    {
        foreach (var entity in registry.Get<TEntity>().List())
        {
            queue.AddAfter(EntityKey.Of(entity), options.ResyncPeriod * (0.1 * Random.Shared.NextDouble()));
        }
    }

    private async Task<WorkOutcome> ProcessAsync(EntityKey key, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["Controller"] = Name, ["Key"] = key });
        if (!ownWrites.AreObserved(key))
        {
            return new WorkOutcome(true, CatchUpPoll);
        }

        var log = WriteLog.Begin();
        try
        {
            while (tombstones.Peek(key) is { } gone)
            {
                var told = await RunInScopeAsync((controller, _) => controller.DeletedAsync(EntityJson.Clone(gone), cancellationToken));
                if (!told.IsSuccess)
                {
                    return Failed(key, told);
                }

                tombstones.Drop(key);
            }

            return registry.Get<TEntity>().Get(key) is { } entity
                ? await ReconcileAsync(key, EntityJson.Clone(entity), cancellationToken)
                : WorkOutcome.Success;
        }
        finally
        {
            ownWrites.Set(key, log.Writes);
        }
    }

    private async Task<WorkOutcome> ReconcileAsync(EntityKey key, TEntity entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            var finalized = await RunInScopeAsync((_, services) =>
                finalizers.FinalizeAsync(options.Finalizers, entity, services, cancellationToken));
            return finalized is null or { IsSuccess: true } ? new WorkOutcome(true, finalized?.RequeueAfter) : Failed(key, finalized);
        }

        var held = await finalizers.EnsureAsync(options.Finalizers, entity, cancellationToken);
        if (held is null)
        {
            return WorkOutcome.Success;
        }

        var result = await RunInScopeAsync((controller, _) => controller.ReconcileAsync(held, cancellationToken));
        return result.IsSuccess ? new WorkOutcome(true, result.RequeueAfter) : Failed(key, result);
    }

    private async Task<TResult> RunInScopeAsync<TResult>(Func<TController, IServiceProvider, Task<TResult>> run)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await run(scope.ServiceProvider.GetRequiredService<TController>(), scope.ServiceProvider);
    }

    private WorkOutcome Failed(EntityKey key, ReconciliationResult<TEntity> result)
    {
        logger.LogWarning(result.Error, "{Controller} failed on {Key}: {Message}", Name, key, result.ErrorMessage);
        return new WorkOutcome(false, result.RequeueAfter);
    }
}
