using System.Text.Json.Nodes;
using k8s.Models;
using Leanserve.Api.Schema;

namespace Leanserve.Generator.Schema;

/// <summary>Schemas of the types that are not our own classes.</summary>
public static class ScalarSchemas
{
    /// <summary>The schema of a number, string, boolean, enum or one of Kubernetes' own types, or null for any other type.</summary>
    public static JsonObject? Of(Type type) => type switch
    {
        _ when type.IsEnum => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => JsonValue.Create(name))]) },
        _ when type == typeof(string) => new JsonObject { ["type"] = "string" },
        _ when type == typeof(int) => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        _ when type == typeof(long) => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        // The API server itself validates metadata.
        _ when type == typeof(V1ObjectMeta) => new JsonObject { ["type"] = "object" },
        _ when type == typeof(V1Condition) => Condition(),
        _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
        _ => null,
    };

    /// <summary>A quantity, an integer or a string, as controller-gen describes it.</summary>
    public static JsonObject Quantity() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
        ["maxLength"] = QuantityAttribute.MaxLength,
        ["pattern"] = QuantityAttribute.Pattern,
        ["x-kubernetes-int-or-string"] = true,
    };

    // metav1.Condition, bounded as in k8s.io/apimachinery.
    private static JsonObject Condition() => new()
    {
        ["type"] = "object",
        ["description"] = "One aspect of the state.",
        ["properties"] = new JsonObject
        {
            ["type"] = Text("The condition's name, CamelCase.", 316, @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"),
            ["status"] = new JsonObject { ["type"] = "string", ["description"] = "True, False or Unknown.", ["enum"] = new JsonArray("True", "False", "Unknown") },
            ["reason"] = Text("Why, in one CamelCase word.", 1024, "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", minLength: 1),
            ["message"] = Text("Why, in a sentence.", 32768, pattern: null),
            ["lastTransitionTime"] = new JsonObject { ["type"] = "string", ["description"] = "When the status last changed.", ["format"] = "date-time" },
            ["observedGeneration"] = new JsonObject { ["type"] = "integer", ["description"] = "The spec generation that the condition describes.", ["format"] = "int64", ["minimum"] = 0 },
        },
        ["required"] = new JsonArray("type", "status", "reason", "message", "lastTransitionTime"),
    };

    private static JsonObject Text(string description, int maxLength, string? pattern, int minLength = 0)
    {
        var schema = new JsonObject { ["type"] = "string", ["description"] = description, ["maxLength"] = maxLength };
        if (minLength > 0)
        {
            schema["minLength"] = minLength;
        }

        if (pattern is not null)
        {
            schema["pattern"] = pattern;
        }

        return schema;
    }
}
