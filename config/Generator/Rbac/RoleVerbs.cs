using Leanserve.Controllers.Sdk;

namespace Leanserve.Generator.Rbac;

/// <summary>RBAC's words for <see cref="RbacVerb"/>.</summary>
public static class RoleVerbs
{
    private static readonly (RbacVerb Verb, string Word)[] Words =
    [
        (RbacVerb.Get, "get"), (RbacVerb.List, "list"), (RbacVerb.Watch, "watch"), (RbacVerb.Create, "create"), (RbacVerb.Update, "update"),
        (RbacVerb.Patch, "patch"), (RbacVerb.Delete, "delete"),
    ];

    /// <summary>The words, in a fixed order.</summary>
    /// <exception cref="ArgumentException">The verbs are a wildcard, which least privilege forbids, or none at all.</exception>
    public static IReadOnlyList<string> Of(RbacVerb verbs)
    {
        if (verbs is RbacVerb.None || verbs.HasFlag(RbacVerb.All) || verbs.HasFlag(RbacVerb.AllExplicit))
        {
            throw new ArgumentException($"{verbs} is no least privilege: name the verbs that the controller uses.", nameof(verbs));
        }

        return [.. Words.Where(entry => verbs.HasFlag(entry.Verb)).Select(entry => entry.Word)];
    }
}
