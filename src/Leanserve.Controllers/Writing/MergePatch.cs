using System.Text.Json.Nodes;

namespace Leanserve.Controllers;

/// <summary>JSON merge patches (RFC 7386).</summary>
internal static class MergePatch
{
    /// <summary>The patch that turns <paramref name="before"/> into <paramref name="after"/>; null if they are equal.</summary>
    /// <remarks>
    /// Both come from the same type, so a field that the type does not know is in neither and the patch leaves it alone. Lists are
    /// replaced as a whole, as the standard has it.
    /// </remarks>
    public static JsonObject? Diff(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in before.Where(field => !after.ContainsKey(field.Key)))
        {
            patch[name] = null;
        }

        foreach (var (name, value) in after)
        {
            if (!before.TryGetPropertyValue(name, out var old) || old is null)
            {
                patch[name] = value?.DeepClone();
            }
            else if (old is JsonObject oldObject && value is JsonObject newObject)
            {
                if (Diff(oldObject, newObject) is { } inner)
                {
                    patch[name] = inner;
                }
            }
            else if (!JsonNode.DeepEquals(old, value))
            {
                patch[name] = value?.DeepClone();
            }
        }

        return patch.Count == 0 ? null : patch;
    }
}
