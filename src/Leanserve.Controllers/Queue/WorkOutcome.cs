namespace Leanserve.Controllers;

/// <summary>What working on a key came to.</summary>
/// <param name="Succeeded">False: the key failed and is tried again.</param>
/// <param name="RequeueAfter">When to work on it again; null: by backoff if it failed, else when added.</param>
internal readonly record struct WorkOutcome(bool Succeeded, TimeSpan? RequeueAfter = null)
{
    public static WorkOutcome Success => new(true);

    public static WorkOutcome Failure => new(false);
}
