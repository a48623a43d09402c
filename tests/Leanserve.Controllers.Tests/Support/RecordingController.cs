using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>A controller that only notes what it is asked to reconcile.</summary>
public sealed class RecordingController<TEntity>(RecordingController<TEntity>.Record record) : IEntityController<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public Task<ReconciliationResult<TEntity>> ReconcileAsync(TEntity entity, CancellationToken cancellationToken)
    {
        record.Names.Enqueue(entity.Metadata.Name);
        return Task.FromResult(ReconciliationResult<TEntity>.Success(entity));
    }

    public Task<ReconciliationResult<TEntity>> DeletedAsync(TEntity entity, CancellationToken cancellationToken)
        => Task.FromResult(ReconciliationResult<TEntity>.Success(entity));

    public sealed class Record
    {
        public ConcurrentQueue<string> Names { get; } = new();
    }
}
