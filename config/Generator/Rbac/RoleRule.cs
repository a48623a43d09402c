using System.Text.Json.Nodes;

namespace Leanserve.Generator.Rbac;

/// <summary>One rule of a Role or ClusterRole.</summary>
/// <param name="ApiGroup">The API group; empty for the core group.</param>
/// <param name="Resources">Plural names, with subresource where one is meant, in order.</param>
/// <param name="Verbs">The verbs in RBAC's own words, in the order of <see cref="RoleVerbs"/>.</param>
public sealed record RoleRule(string ApiGroup, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs)
{
    /// <summary>The rule as it stands in a manifest.</summary>
    public JsonObject ToJson() => new()
    {
        ["apiGroups"] = List([ApiGroup]),
        ["resources"] = List(Resources),
        ["verbs"] = List(Verbs),
    };

    private static JsonArray List(IEnumerable<string> values) => [.. values.Select(value => JsonValue.Create(value))];
}
