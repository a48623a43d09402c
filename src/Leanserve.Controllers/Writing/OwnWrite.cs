namespace Leanserve.Controllers;

/// <summary>A write that the caches have to catch up with.</summary>
/// <param name="EntityType">The kind's type.</param>
/// <param name="Key">The object.</param>
/// <param name="ResourceVersion">The version that the write made.</param>
internal sealed record OwnWrite(Type EntityType, EntityKey Key, string ResourceVersion);
