using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;

namespace Leanserve.Controllers.Sdk;

/// <summary>What a reconcile, deletion or finalizer came to.</summary>
/// <typeparam name="TEntity">The kind of the entity.</typeparam>
public sealed record ReconciliationResult<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    private ReconciliationResult(TEntity entity, string? errorMessage, Exception? error, TimeSpan? requeueAfter)
    {
        Entity = entity;
        ErrorMessage = errorMessage;
        Error = error;
        RequeueAfter = requeueAfter;
    }

    /// <summary>The entity as the controller left it.</summary>
    public TEntity Entity { get; }

    /// <summary>Whether the work was done.</summary>
    [MemberNotNullWhen(false, nameof(ErrorMessage))]
    public bool IsSuccess => ErrorMessage is null;

    /// <summary>What went wrong, for the log; null on success.</summary>
    public string? ErrorMessage { get; }

    /// <summary>The exception behind the failure, if there was one.</summary>
    public Exception? Error { get; }

    /// <summary>When to look again; null: on the next change or resync (success), or by backoff (failure).</summary>
    public TimeSpan? RequeueAfter { get; set; }

    /// <summary>The work is done; look again after <paramref name="requeueAfter"/> or when something changes, whichever is first.</summary>
    public static ReconciliationResult<TEntity> Success(TEntity entity, TimeSpan? requeueAfter = null)
        => new(entity, null, null, requeueAfter);

    /// <summary>The work is not done; try again after <paramref name="requeueAfter"/>, or by backoff where it is null.</summary>
    /// <exception cref="ArgumentException"><paramref name="errorMessage"/> is empty: a failure must say why.</exception>
    public static ReconciliationResult<TEntity> Failure(
        TEntity entity, string errorMessage, Exception? error = null, TimeSpan? requeueAfter = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(errorMessage);
        return new(entity, errorMessage, error, requeueAfter);
    }
}
