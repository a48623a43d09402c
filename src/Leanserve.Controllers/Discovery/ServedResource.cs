namespace Leanserve.Controllers;

/// <summary>A kind as the API server's discovery describes it.</summary>
/// <param name="Plural">Resource name in URLs.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Namespaced">Whether its objects live in namespaces.</param>
/// <param name="Verbs">What may be done to it by those with permission.</param>
public sealed record ServedResource(string Plural, string Kind, bool Namespaced, IReadOnlyList<string> Verbs);
