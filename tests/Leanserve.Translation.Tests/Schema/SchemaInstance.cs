using System.Text.Json.Nodes;
using Leanserve.Translation.Validation;

namespace Leanserve.Translation.Tests.Schema;

/// <summary>Makes a value that a schema allows, with every field that it knows.</summary>
internal static class SchemaInstance
{
    private static readonly string[] Texts = ["a", "2", "Abc", "2026-01-02T03:04:05Z"];

    public static JsonNode Of(JsonObject schema) => (string?)schema["type"] switch
    {
        "object" when schema["additionalProperties"] is JsonObject item => new JsonObject { ["key"] = Of(item) },
        "object" => new JsonObject((schema["properties"]?.AsObject() ?? []).Select(member => KeyValuePair.Create(member.Key, (JsonNode?)Of(member.Value!.AsObject())))),
        "array" => new JsonArray(Of(schema["items"]!.AsObject())),
        "integer" => schema["enum"]?[0]!.DeepClone() ?? JsonValue.Create(schema["minimum"]?.GetValue<long>() ?? 7),
        "string" when schema["enum"] is JsonArray allowed => allowed[^1]!.DeepClone(),
        "string" when (string?)schema["format"] == "date-time" => JsonValue.Create(Texts[^1]),
        _ => JsonValue.Create(Texts.First(text => SchemaValidator.Validate(JsonValue.Create(text), schema).Violations.Count == 0)),
    };
}
