namespace Leanserve.Controllers;

/// <summary>The part of an informer that does not depend on the kind's type.</summary>
internal interface IInformer
{
    EntityKind Kind { get; }

    /// <summary>Whether reconciles may start as far as this kind goes: listed, or optional and refused.</summary>
    bool IsReady { get; }

    /// <summary>Completes when <see cref="IsReady"/>.</summary>
    Task WhenReady { get; }

    /// <summary>Lists and watches until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Whether the cache reflects the object at <paramref name="resourceVersion"/> or later.</summary>
    bool HasObserved(EntityKey key, string resourceVersion);
}
