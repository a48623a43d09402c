namespace Leanserve.Controllers;

/// <summary>A finalizer and the identifier it has on the object.</summary>
/// <param name="Identifier">E.g. <c>leanserve.io/cleanup</c>.</param>
/// <param name="Implementation">The type to resolve.</param>
internal sealed record FinalizerRegistration(string Identifier, Type Implementation);
